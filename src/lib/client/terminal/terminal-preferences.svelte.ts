import { createContext } from 'svelte';
import { z } from 'zod';

const KEY = 'coppice.terminal';
const MIN_FONT_PX = 10;
const MAX_FONT_PX = 20;
const DEFAULT_FONT_PX = 12.5;
const PHONE_FONT_PX = 12;

const Stored = z.object({
	/** null until it is chosen. */
	fontPx: z.number().min(MIN_FONT_PX).max(MAX_FONT_PX).nullable(),
	screenReader: z.boolean()
});

/** How this browser shows terminals. */
export class TerminalPreferences {
	#stored = $state.raw<z.infer<typeof Stored>>({ fontPx: null, screenReader: false });

	constructor(private readonly storage: Pick<Storage, 'getItem' | 'setItem'> | null) {
		try {
			this.#stored = Stored.parse(JSON.parse(this.storage?.getItem(KEY) ?? ''));
		} catch {
			// Nothing stored, or nothing sound: the defaults.
		}
	}

	/** In CSS pixels, from 10 to 20. */
	get fontPx(): number {
		return this.#stored.fontPx ?? (isNarrow() ? PHONE_FONT_PX : DEFAULT_FONT_PX);
	}

	set fontPx(px: number) {
		const rounded = Math.round(px * 2) / 2;
		this.#set({ fontPx: Math.min(MAX_FONT_PX, Math.max(MIN_FONT_PX, rounded)) });
	}

	/** Whether what is on the screen is also written out for screen readers. */
	get screenReader(): boolean {
		return this.#stored.screenReader;
	}

	set screenReader(on: boolean) {
		this.#set({ screenReader: on });
	}

	#set(changes: Partial<z.infer<typeof Stored>>): void {
		this.#stored = { ...this.#stored, ...changes };
		try {
			this.storage?.setItem(KEY, JSON.stringify(this.#stored));
		} catch {
			// Storage is full or blocked: the choice lives as long as the page.
		}
	}
}

function isNarrow(): boolean {
	return typeof window !== 'undefined' && window.matchMedia('(max-width: 767px)').matches;
}

export const [getTerminalPreferences, setTerminalPreferences] = createContext<TerminalPreferences>();
