/** Says for how long an agent has been silent where a word is expected: some tell nothing while they try again and again. */

/** After this long it is worth a remark, and again each time that it lasts as much longer. */
const SILENCE_MS = 60_000;

export interface Silence {
	/** A turn has begun. */
	begin(): void;
	/** The agent said something. */
	word(): void;
	/** The turn is over. */
	end(): void;
}

export interface SilenceOptions {
	/** Whether it should say something: while a tool runs, or a person is asked, it has no reason to. */
	isExpected(): boolean;
	now(): number;
	/** With null it has spoken, or need not any more. */
	onHint(hint: string | null): void;
}

export function watchSilence({ isExpected, now, onHint }: SilenceOptions): Silence {
	let since = 0;
	let timer: NodeJS.Timeout | null = null;
	let isTold = false;

	function tell(hint: string | null): void {
		if (!isTold && hint === null) return;
		isTold = hint !== null;
		onHint(hint);
	}

	function look(): void {
		if (!isExpected()) since = now();
		const silentMs = now() - since;
		const minutes = Math.floor(silentMs / SILENCE_MS);
		tell(minutes > 0 ? `No word from the agent for ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.` : null);
		timer = setTimeout(look, SILENCE_MS - (silentMs % SILENCE_MS));
	}

	return {
		begin() {
			since = now();
			if (timer) clearTimeout(timer);
			timer = setTimeout(look, SILENCE_MS);
		},
		word() {
			since = now();
			tell(null);
		},
		end() {
			if (timer) clearTimeout(timer);
			timer = null;
			tell(null);
		}
	};
}
