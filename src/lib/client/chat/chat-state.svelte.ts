/**
 * One worker's conversation on this page: what its log says, drawn at most once a frame, and what a person does about it.
 * What is done shows at once and goes back when it is refused.
 */
import { SvelteMap } from 'svelte/reactivity';
import type { PermissionMode } from '$lib/protocol/agent';
import type { AgentSession, CancelResult, Plan, QueuedMessage, RequestAnswer, TurnResult } from '$lib/protocol/chat';
import type { Api } from '../api';
import type { CaughtUp, ConnectionStatus } from '../connection/connection-status';
import type { StreamItem } from '../connection/stream';
import { WorkerConnection, type Socket } from '../connection/worker-connection';
import { FrameBatch, type FrameClock } from './frame-batch';
import type { Outbox, OutgoingMessage, SendingMessage } from './outbox';
import type { ChangedFile } from './changed-files';
import { readEvent } from './read-event';
import { RowLayout, toChunks, type Chunk } from './rows';
import { Transcript, type RequestItem, type Totals, type TranscriptItem } from './transcript';

/** How long the good news of a reconnect stands. */
const CAUGHT_UP_SHOWN_MS = 4_000;

export type ChatApi = Pick<
	Api,
	'editMessage' | 'removeMessage' | 'sendMessageNow' | 'cancelTurn' | 'answerRequest' | 'updateWorker'
>;

export interface ChatOptions {
	sessionId: string;
	workerId: string;
	/** Of this page. */
	clientId: string;
	api: ChatApi;
	/** What is said here goes by it, and stays in it when this view of the conversation is gone. */
	outbox: Outbox;
	/** For what the server says without being asked, in a sentence. */
	onError(sentence: string): void;
	openSocket(path: string, protocol: string): Socket;
	clock: FrameClock;
	now(): number;
}

export class ChatState {
	items = $state.raw<readonly TranscriptItem[]>([]);
	session = $state.raw<AgentSession | null>(null);
	plan = $state.raw<Plan | null>(null);
	totals = $state.raw<Totals>({ inputTokens: 0, outputTokens: 0, costUsd: 0, turns: 0 });
	lastTurn = $state.raw<TurnResult | null>(null);
	/** What its edits have changed. */
	files = $state.raw<readonly ChangedFile[]>([]);
	/** The items as they are laid out. */
	chunks = $state.raw<readonly Chunk[]>([]);
	status = $state.raw<ConnectionStatus>({ kind: 'connecting' });
	/** What the last reconnect came to, for as long as it is news. */
	caughtUp = $state.raw<CaughtUp | null>(null);
	/** Whether everything that was there at the beginning is shown. */
	loaded = $state(false);
	viewers = $state(1);
	/** The last event shown. */
	seq = $state(0);
	/** Messages that the log does not have yet, oldest first. */
	sending = $state.raw<readonly SendingMessage[]>([]);
	/** A stop was asked for and has not come to an end. */
	stopping = $state(false);
	#queue = $state.raw<{ messages: readonly QueuedMessage[]; held: boolean }>({ messages: [], held: false });
	#open = $state.raw<readonly RequestItem[]>([]);
	/** Answers on their way, by request. */
	readonly #answering = new SvelteMap<string, RequestAnswer>();
	/** Changes of the queue on their way, by message: another text, or null for its removal. */
	readonly #edits = new SvelteMap<string, string | null>();

	/** Whether a turn is under way, as far as the log says. */
	inTurn = $state(false);

	/** What waits until the agent is free. `held`: after a stopped or failed turn, until somebody says so. */
	readonly queue = $derived({
		held: this.#queue.held,
		messages: [
			...this.#queue.messages.flatMap((message) => {
				const edit = this.#edits.get(message.messageId);
				return edit === null ? [] : [edit === undefined ? message : { ...message, text: edit }];
			}),
			...this.sending.flatMap((entry): QueuedMessage[] =>
				this.#willQueue(entry) ? [{ messageId: entry.message.id, text: entry.message.text, images: [] }] : []
			)
		]
	});
	/** What was said here last and is in neither the log nor the queue. */
	readonly sayingNow = $derived(this.sending.filter((entry) => !this.#willQueue(entry)));
	/** What waits for a person and is not being answered here, oldest first. */
	readonly openRequests: readonly RequestItem[] = $derived(
		this.#open.filter(({ request }) => !this.#answering.has(request.requestId))
	);

	#transcript = new Transcript();
	#layout = new RowLayout();
	#lastSeq = Infinity;
	#newsTimer: ReturnType<typeof setTimeout> | undefined;
	readonly #batch: FrameBatch<{ item: StreamItem; written: () => void }>;
	readonly #outbox: Outbox;
	readonly #unwatch: () => void;
	readonly #connection: WorkerConnection;

	constructor(private readonly options: ChatOptions) {
		const { sessionId, workerId, clientId, outbox, openSocket, clock } = options;
		this.#outbox = outbox;
		this.#unwatch = outbox.watch((sending) => (this.sending = sending));
		this.#batch = new FrameBatch(clock, (entries) => this.#take(entries));
		this.#connection = new WorkerConnection({
			sessionId,
			workerId,
			clientId,
			openSocket,
			size: () => null,
			wholeLog: { onReset: () => this.#reset() },
			sink: (item, written) => this.#batch.add({ item, written }),
			onStatus: (status) => (this.status = status),
			onAttached: ({ viewers, lastSeq }) => {
				this.viewers = viewers;
				this.#lastSeq = lastSeq;
				if (this.seq >= lastSeq) this.loaded = true;
				this.#outbox.resume();
			},
			onCaughtUp: (outcome) => this.#tellCaughtUp(outcome),
			onTransient: (channel, payload) => {
				if (channel === 'viewers') this.#countViewers(payload);
			},
			onError: options.onError
		});
		this.#connection.open();
	}

	dispose(): void {
		clearTimeout(this.#newsTimer);
		this.#unwatch();
		this.#batch.clear();
		this.#connection.close();
	}

	tryNow(): void {
		this.#connection.tryNow();
		this.#outbox.resume();
	}

	/**
	 * Sends a message, or queues it while the agent works. It shows at once; without a connection it waits for one, and so does
	 * what is returned. @throws CoppiceError when it is refused: then it is shown no longer, and its text is the caller's to keep
	 */
	send(message: OutgoingMessage): Promise<void> {
		return this.#outbox.send(message, this.options.now());
	}

	/** @throws CoppiceError when it is refused, for example because it has been sent to the agent meanwhile */
	editQueued(messageId: string, text: string): Promise<void> {
		return this.#edit(messageId, text, ({ api, sessionId, workerId }) =>
			api.editMessage(sessionId, workerId, messageId, text)
		);
	}

	/** Takes a message out of the queue, or out of what waits for the connection. @throws CoppiceError when it is refused */
	async removeQueued(messageId: string): Promise<void> {
		if (this.#outbox.takeBack(messageId)) return;
		await this.#edit(messageId, null, ({ api, sessionId, workerId }) =>
			api.removeMessage(sessionId, workerId, messageId)
		);
	}

	/** Stops the turn and sends a queued message in its place. @throws CoppiceError when it is refused */
	async sendNow(messageId: string): Promise<void> {
		const { api, sessionId, workerId } = this.options;
		await api.sendMessageNow(sessionId, workerId, messageId);
	}

	/** Stops the turn; resolves once it has ended. @throws CoppiceError when nobody is there to stop it */
	async cancel(): Promise<CancelResult> {
		const { api, sessionId, workerId } = this.options;
		this.stopping = true;
		try {
			return await api.cancelTurn(sessionId, workerId);
		} finally {
			this.stopping = false;
		}
	}

	/** Answers a request; until the log has the answer it is open no longer. @throws CoppiceError `conflict` and others */
	async answer(requestId: string, answer: RequestAnswer): Promise<void> {
		const { api, sessionId, workerId } = this.options;
		this.#answering.set(requestId, answer);
		try {
			await api.answerRequest(sessionId, workerId, requestId, answer);
		} catch (error) {
			this.#answering.delete(requestId);
			throw error;
		}
	}

	/** What this page has answered to a request, while the log does not have it yet. */
	answerUnderWay(requestId: string): RequestAnswer | null {
		return this.#answering.get(requestId) ?? null;
	}

	/** For the turns to come. @throws CoppiceError when the agent refuses it */
	async setModel(model: string): Promise<void> {
		const { api, sessionId, workerId } = this.options;
		await api.updateWorker(sessionId, workerId, { model });
	}

	/** @throws CoppiceError when the agent refuses it */
	async setPermissionMode(permissionMode: PermissionMode): Promise<void> {
		const { api, sessionId, workerId } = this.options;
		await api.updateWorker(sessionId, workerId, { permissionMode });
	}

	async #edit(messageId: string, text: string | null, ask: (options: ChatOptions) => Promise<unknown>): Promise<void> {
		this.#edits.set(messageId, text);
		try {
			await ask(this.options);
		} catch (error) {
			this.#edits.delete(messageId);
			throw error;
		}
	}

	#willQueue({ waiting }: SendingMessage): boolean {
		return this.inTurn && !waiting;
	}

	#take(entries: readonly { item: StreamItem; written: () => void }[]): void {
		let changed = false;
		for (const { item } of entries) {
			const event = readEvent(item);
			if (!event) continue;
			this.#transcript.apply(event);
			changed = true;
			const { channel, payload } = event.event;
			if (channel === 'agent:message') this.#outbox.arrived(payload.messageId);
			else if (channel === 'agent:queue') {
				for (const { messageId } of payload.messages) this.#outbox.arrived(messageId);
				this.#edits.clear();
			}
		}
		if (changed) this.#show();
		this.seq = entries.at(-1)?.item.seq ?? this.seq;
		if (this.seq >= this.#lastSeq) this.loaded = true;
		for (const { written } of entries) written();
	}

	#show(): void {
		const { items, session, plan, totals, lastTurn, queue, files, inTurn } = this.#transcript;
		this.items = [...items];
		this.chunks = toChunks(this.#layout.update(this.items), this.chunks);
		this.files = files.list;
		this.session = session;
		this.plan = plan;
		this.totals = totals;
		this.lastTurn = lastTurn;
		this.#queue = queue;
		this.inTurn = inTurn;
		this.#open = this.#transcript.openRequests();
		for (const requestId of this.#answering.keys()) {
			if (!this.#open.some(({ request }) => request.requestId === requestId)) this.#answering.delete(requestId);
		}
	}

	#reset(): void {
		this.#batch.clear();
		this.#transcript = new Transcript();
		this.seq = 0;
		this.loaded = false;
		this.#show();
	}

	#countViewers(payload: unknown): void {
		const count = typeof payload === 'object' && payload !== null && 'count' in payload ? payload.count : null;
		if (typeof count === 'number') this.viewers = count;
	}

	#tellCaughtUp(outcome: CaughtUp): void {
		this.caughtUp = outcome;
		clearTimeout(this.#newsTimer);
		this.#newsTimer = setTimeout(() => (this.caughtUp = null), CAUGHT_UP_SHOWN_MS);
	}
}
