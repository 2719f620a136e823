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

	return {
		apply(body, isSet) {
			const prefix = body.startsWith('?') ? '?' : '';
			for (const mode of body.slice(prefix.length).split(';')) {
				if (!/^\d{1,5}$/.test(mode)) continue;
				const key = `${prefix}${Number(mode)}`;
				const isKnown = modes.delete(key);
				if (isKnown || modes.size < MAX_MODES) modes.set(key, isSet);
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
