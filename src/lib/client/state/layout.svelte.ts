import { createContext } from 'svelte';
import { DEFAULT_LAYOUT, type Layout } from '$lib/protocol/layout';

const SAVE_AFTER_MS = 400;

type SessionLayout = Layout['sessions'][string];
type Save = (layout: Layout, last: boolean) => void;

/** How this browser arranges things; kept on the server a moment after each change. */
export class LayoutState {
	#layout = $state.raw<Layout>(DEFAULT_LAYOUT);
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(
		layout: Layout,
		private readonly save: Save
	) {
		this.#layout = layout;
	}

	get sidebar(): Layout['sidebar'] {
		return this.#layout.sidebar;
	}

	/** A session's tabs in order and the one shown last. Workers not named come last. */
	session(id: string): SessionLayout {
		return this.#layout.sessions[id] ?? { tabs: [], active: null };
	}

	updateSidebar(changes: Partial<Layout['sidebar']>): void {
		this.#set({ ...this.#layout, sidebar: { ...this.sidebar, ...changes } });
	}

	updateSession(id: string, changes: Partial<SessionLayout>): void {
		const sessions = { ...this.#layout.sessions, [id]: { ...this.session(id), ...changes } };
		this.#set({ ...this.#layout, sessions });
	}

	forgetSession(id: string): void {
		const { [id]: gone, ...sessions } = this.#layout.sessions;
		if (gone) this.#set({ ...this.#layout, sessions });
	}

	/** Saves what is not saved yet, because the page goes away. */
	flush(): void {
		if (this.#timer === undefined) return;
		this.#clear();
		this.save(this.#layout, true);
	}

	#set(layout: Layout): void {
		this.#layout = layout;
		this.#clear();
		this.#timer = setTimeout(() => {
			this.#timer = undefined;
			this.save(this.#layout, false);
		}, SAVE_AFTER_MS);
	}

	#clear(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
	}
}

export const [getLayout, setLayout] = createContext<LayoutState>();
