/** Remembers which terminal modes a program has set and reset, so that a question about one is answered truly. */
export type ModeMemory = {
	/** Takes the parameters of a set (`h`) or reset (`l`) sequence. */
	apply(body: string, isSet: boolean): void;
	/** Null when the mode was never touched. */
	isSet(mode: number, isPrivate: boolean): boolean | null;
	/** The terminal was reset whole. */
	reset(): void;
	/** DECSTR: the terminal keeps its screens, mouse reports and the looks of its cursor. */
	softReset(): void;
	/** Sequences that set and reset the modes as they are now, those changed last at the end. */
	replay(): string;
};

/** More than any program uses: a stream of invented modes must not grow memory. */
const MAX_MODES = 256;

const SOFTLY_RESET = ['4', '?1', '?6', '?7', '?25', '?45', '?66', '?1004', '?2004', '?2026'];

export function createModeMemory(): ModeMemory {
	const modes = new Map<string, boolean>();
	/** Programs say the same few things over and over. */
	const parsed = new Map<string, readonly string[]>();

	function modesIn(body: string): readonly string[] {
		let found = parsed.get(body);
		if (!found) {
			found = parseModes(body);
			if (parsed.size < MAX_MODES) parsed.set(body, found);
		}
		return found;
	}

	return {
		apply(body, isSet) {
			for (const mode of modesIn(body)) {
				const isKnown = modes.delete(mode);
				if (isKnown || modes.size < MAX_MODES) modes.set(mode, isSet);
			}
		},
		isSet: (mode, isPrivate) => modes.get(`${isPrivate ? '?' : ''}${mode}`) ?? null,
		reset: () => modes.clear(),
		softReset() {
			for (const mode of SOFTLY_RESET) modes.delete(mode);
		},
		replay: () => [...modes].map(([mode, isSet]) => `\x1b[${mode}${isSet ? 'h' : 'l'}`).join('')
	};
}

function parseModes(body: string): string[] {
	const prefix = body.startsWith('?') ? '?' : '';
	const numbers = body.slice(prefix.length).split(';');
	return numbers.filter((number) => /^\d{1,5}$/.test(number)).map((number) => `${prefix}${Number(number)}`);
}
