import { v4 as randomId } from 'uuid';
import { assertNever } from '$lib/protocol/assert-never';
import type { Worker } from '$lib/protocol/worker';
import { sentenceOf } from '../api';
import { isMac } from '../keys/platform';
import type { Toasts } from '../state/toasts.svelte';
import { copyText } from '../terminal/clipboard';
import { loadXterm, type Xterm } from '../terminal/load-xterm';
import { StickyModifiers } from '../terminal/sticky-modifiers.svelte';
import { useOf } from '../terminal/terminal-keys';
import { TerminalPool } from '../terminal/terminal-pool';
import type { TerminalPreferences } from '../terminal/terminal-preferences.svelte';
import { WorkerTerminal } from '../terminal/worker-terminal.svelte';

export interface SessionTerminalsNeeds {
	preferences: TerminalPreferences;
	toasts: Toasts;
	/** Whether this page gives programs its size without being told to. */
	offersSize(): boolean;
	onFind(): void;
	onLeave(): void;
}

/** The terminals of the session page: one in sight, and those seen last, which stay connected for a while. */
export class SessionTerminals {
	current = $state.raw<WorkerTerminal | null>(null);
	/** Why terminals can't be drawn at all. */
	problem = $state<string | null>(null);
	readonly sticky = new StickyModifiers();
	#xterm: Xterm | null = null;
	#wanted: Worker | null = null;
	readonly #clientId = randomId();
	readonly #pool = new TerminalPool((worker: Worker) => this.#open(worker));

	constructor(private readonly needs: SessionTerminalsNeeds) {}

	/** Fetches what terminals are drawn with. */
	async load(): Promise<void> {
		this.problem = null;
		try {
			this.#xterm = await loadXterm();
			this.show(this.#wanted);
		} catch (error) {
			this.problem = sentenceOf(error);
		}
	}

	/** Brings a worker's terminal in sight, as soon as terminals can be drawn. */
	show(worker: Worker | null): void {
		this.#wanted = worker;
		if (this.#xterm) this.current = worker ? this.#pool.show(worker) : null;
	}

	/** Lets go of a worker that is gone, or has no terminal any more. */
	drop(workerId: string): void {
		this.#pool.drop(workerId);
	}

	dispose(): void {
		this.current = null;
		this.#pool.dispose();
	}

	#open({ id, sessionId, name }: Worker): WorkerTerminal {
		const { preferences, toasts, offersSize } = this.needs;
		const terminal: WorkerTerminal = new WorkerTerminal(this.#xterm!, {
			sessionId,
			workerId: id,
			clientId: this.#clientId,
			offersSize: offersSize(),
			fontPx: preferences.fontPx,
			screenReader: preferences.screenReader,
			transform: this.sticky.apply,
			onKey: (event) => this.#key(terminal, event),
			onCopy: (text) => void this.#copyFor(name, text),
			onRefused: (text) => toasts.show({ text }),
			openSocket: (path, protocol) => new WebSocket(location.origin.replace(/^http/, 'ws') + path, protocol)
		});
		return terminal;
	}

	/** @returns whether the terminal handles the key itself */
	#key({ screen }: WorkerTerminal, event: KeyboardEvent): boolean {
		const use = useOf(event, { isMac: isMac(), hasSelection: screen.selection !== '' });
		if (use === 'program') return true;
		if (event.type !== 'keydown') return false;
		switch (use) {
			case 'page':
			case 'paste':
				return false;
			case 'copy':
				if (screen.selection !== '') void copyText(screen.selection);
				// The next Ctrl C is for the program again.
				if (!event.shiftKey) screen.clearSelection();
				break;
			case 'find':
				this.needs.onFind();
				break;
			case 'leave':
				this.needs.onLeave();
				break;
			default:
				assertNever(use);
		}
		event.preventDefault();
		event.stopPropagation();
		return false;
	}

	async #copyFor(name: string, text: string): Promise<void> {
		if (!(await copyText(text))) return;
		const count = [...text].length;
		this.needs.toasts.show({ text: `${name} copied ${count === 1 ? '1 character' : `${count} characters`}` });
	}
}
