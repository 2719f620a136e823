import { v4 as randomId } from 'uuid';
import type { Worker } from '$lib/protocol/worker';
import type { Api } from '../api';
import { browserStorage } from '../browser-storage';
import type { Toasts } from '../state/toasts.svelte';
import { TerminalPool } from '../terminal/terminal-pool';
import { ChatState } from './chat-state.svelte';
import { pageFrames } from './frame-batch';
import type { Outboxes } from './outboxes';

const RAIL_KEY = 'coppice.rail';

/** The conversations of the session page: one in sight, and those seen last, which stay connected for a while. */
export class SessionChats {
	current = $state.raw<ChatState | null>(null);
	/** Whether plan, files and usage stand beside a conversation where there is room. */
	rail = $state(browserStorage()?.getItem(RAIL_KEY) !== 'hidden');
	/** Whether they lie over it where there is none. */
	drawer = $state(false);
	readonly #clientId = randomId();
	readonly #pool = new TerminalPool((worker: Worker) => this.#open(worker));

	constructor(private readonly needs: { api: Api; outboxes: Outboxes; toasts: Toasts }) {}

	/** Brings a worker's conversation in sight. */
	show(worker: Worker | null): void {
		this.current = worker ? this.#pool.show(worker) : null;
		this.drawer = false;
	}

	/** Lets go of a worker that is gone, or is no conversation any more. */
	drop(workerId: string): void {
		this.#pool.drop(workerId);
	}

	toggleRail(): void {
		this.rail = !this.rail;
		browserStorage()?.setItem(RAIL_KEY, this.rail ? 'shown' : 'hidden');
	}

	dispose(): void {
		this.current = null;
		this.#pool.dispose();
	}

	#open(worker: Worker): ChatState {
		const { api, outboxes, toasts } = this.needs;
		const { id, sessionId } = worker;
		return new ChatState({
			sessionId,
			workerId: id,
			clientId: this.#clientId,
			api,
			outbox: outboxes.of(worker),
			onError: (text) => toasts.show({ text }),
			openSocket: (path, protocol) => new WebSocket(location.origin.replace(/^http/, 'ws') + path, protocol),
			clock: pageFrames,
			now: Date.now
		});
	}
}
