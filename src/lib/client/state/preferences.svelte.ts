import { createContext } from 'svelte';
import { z } from 'zod';

const KEY = 'coppice.preferences';
/** Kept as plain text on its own, because it is read before the first paint. */
const THEME_KEY = 'coppice.theme';
const COLORS = { dark: '#121513', light: '#f3f5f2' };

const ThemeChoice = z.enum(['system', 'dark', 'light']);
export type ThemeChoice = z.infer<typeof ThemeChoice>;

const Stored = z.object({
	overview: z.enum(['live', 'list']).default('live'),
	density: z.enum(['normal', 'roomy']).default('normal'),
	notify: z.boolean().default(false)
});
type Stored = z.infer<typeof Stored>;

/** How this browser shows pages. */
export class Preferences {
	#theme = $state<ThemeChoice>('system');
	#stored = $state.raw<Stored>(Stored.parse({}));

	constructor(private readonly storage: Pick<Storage, 'getItem' | 'setItem'> | null) {}

	get theme(): ThemeChoice {
		return this.#theme;
	}

	set theme(theme: ThemeChoice) {
		this.#theme = theme;
		this.#write(THEME_KEY, theme);
		this.applyTheme();
	}

	/** How the overview shows sessions. */
	get overview(): Stored['overview'] {
		return this.#stored.overview;
	}

	set overview(overview: Stored['overview']) {
		this.#set({ overview });
	}

	get density(): Stored['density'] {
		return this.#stored.density;
	}

	set density(density: Stored['density']) {
		this.#set({ density });
		document.documentElement.dataset.density = density;
	}

	/** Whether the browser tells of workers that need somebody. */
	get notify(): boolean {
		return this.#stored.notify;
	}

	set notify(notify: boolean) {
		this.#set({ notify });
	}

	/**
	 * Reads what is stored, after hydration so that the page is first what the server made of it; then shows the chosen
	 * theme, and follows the system's when that is the choice. @returns a function that stops it
	 */
	follow(): () => void {
		this.#load();
		const system = matchMedia('(prefers-color-scheme: dark)');
		const apply = () => this.applyTheme();
		apply();
		document.documentElement.dataset.density = this.density;
		system.addEventListener('change', apply);
		return () => system.removeEventListener('change', apply);
	}

	applyTheme(): void {
		const isDark =
			this.#theme === 'dark' || (this.#theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
		const theme = isDark ? 'dark' : 'light';
		document.documentElement.dataset.theme = theme;
		document.querySelector('meta[name="theme-color"]')?.setAttribute('content', COLORS[theme]);
	}

	#load(): void {
		try {
			this.#theme = ThemeChoice.safeParse(this.storage?.getItem(THEME_KEY)).data ?? 'system';
			this.#stored = Stored.parse(JSON.parse(this.storage?.getItem(KEY) ?? '{}'));
		} catch {
			// Nothing stored, or nothing sound: the defaults.
		}
	}

	#set(changes: Partial<Stored>): void {
		this.#stored = { ...this.#stored, ...changes };
		this.#write(KEY, JSON.stringify(this.#stored));
	}

	#write(key: string, value: string): void {
		try {
			this.storage?.setItem(key, value);
		} catch {
			// Storage is full or blocked: the choice lives as long as the page.
		}
	}
}

export const [getPreferences, setPreferences] = createContext<Preferences>();
