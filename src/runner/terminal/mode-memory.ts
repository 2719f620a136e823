/** Remembers which terminal modes a program has set and reset, so that a question about one is answered truly. */
export type ModeMemory = {
	/** Takes the parameters of a set (`h`) or reset (`l`) sequence. */
	apply(body: string, isSet: boolean): void;
	/** Null when the mode was never touched. */
	isSet(mode: number, isPrivate: boolean): boolean | null;
	reset(): void;
};

/** More than any program uses: a stream of invented modes must not grow memory. */
const MAX_MODES = 256;

export function createModeMemory(): ModeMemory {
	const modes = new Map<string, boolean>();

	return {
		apply(body, isSet) {
			const prefix = body.startsWith('?') ? '?' : '';
			for (const mode of body.slice(prefix.length).split(';')) {
				if (!/^\d{1,5}$/.test(mode)) continue;
				const key = `${prefix}${Number(mode)}`;
				if (modes.size < MAX_MODES || modes.has(key)) modes.set(key, isSet);
			}
		},
		isSet: (mode, isPrivate) => modes.get(`${isPrivate ? '?' : ''}${mode}`) ?? null,
		reset: () => modes.clear()
	};
}
