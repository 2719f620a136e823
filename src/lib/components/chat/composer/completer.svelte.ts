import File from '@lucide/svelte/icons/file';
import Folder from '@lucide/svelte/icons/folder';
import type { Option } from '$lib/components/ui/Options.svelte';
import { matchCommands, triggerAt, type Trigger } from './completion';

const ASK_AFTER_MS = 60;
const MOST = 50;

export interface CompleterNeeds {
	/** What the agent understands at the beginning of a message. */
	commands(): readonly { name: string; description: string }[];
	/** Files of the worktree whose path fits, the best first; folders end in a slash. */
	files(query: string, signal: AbortSignal): Promise<readonly string[]>;
}

/** What is offered for the word at the caret, and which of it is marked. */
export class Completer {
	trigger = $state.raw<Trigger | null>(null);
	marked = $state(0);
	#files = $state.raw<readonly Option[]>([]);
	/** The word that was put away by Esc: it stays away until another is begun. */
	#dismissed: number | null = null;
	#asking: AbortController | null = null;
	#timer: ReturnType<typeof setTimeout> | undefined;

	readonly completions: readonly Option[] = $derived.by(() => {
		if (!this.trigger) return [];
		if (this.trigger.kind === 'file') return this.#files;
		return matchCommands(this.needs.commands(), this.trigger.query)
			.slice(0, MOST)
			.map(({ name, description }) => ({ value: name, detail: description }));
	});
	readonly isOpen = $derived(this.completions.length > 0);
	readonly current = $derived(this.completions[this.marked]);

	constructor(private readonly needs: CompleterNeeds) {}

	/** After each change of the text or the caret. */
	look(text: string, caret: number): void {
		const trigger = triggerAt(text, caret);
		if (trigger?.from !== this.#dismissed) this.#dismissed = null;
		if (!trigger || this.#dismissed !== null) return this.close();
		const before = this.trigger;
		this.trigger = trigger;
		if (before?.kind === trigger.kind && before.query === trigger.query && before.from === trigger.from) return;
		this.marked = 0;
		if (trigger.kind === 'file') this.#ask(trigger.query);
		else this.#stop();
	}

	move(by: 1 | -1): void {
		const count = this.completions.length;
		this.marked = (this.marked + by + count) % count;
	}

	/** Puts the list away until another word is begun. */
	dismiss(): void {
		this.#dismissed = this.trigger?.from ?? null;
		this.close();
	}

	close(): void {
		this.#stop();
		this.trigger = null;
		this.#files = [];
	}

	#ask(query: string): void {
		this.#stop();
		const asking = new AbortController();
		this.#asking = asking;
		this.#timer = setTimeout(() => void this.#fetch(query, asking.signal), ASK_AFTER_MS);
	}

	async #fetch(query: string, signal: AbortSignal): Promise<void> {
		try {
			const paths = await this.needs.files(query, signal);
			if (signal.aborted) return;
			this.#files = paths.slice(0, MOST).map((path) => ({ value: path, icon: path.endsWith('/') ? Folder : File }));
			this.marked = 0;
		} catch {
			// Without a server there is nothing to offer; what is typed stands for itself.
			if (!signal.aborted) this.#files = [];
		}
	}

	#stop(): void {
		clearTimeout(this.#timer);
		this.#asking?.abort();
		this.#asking = null;
	}
}
