/**
 * One worker's conversation with an agent, through all its processes: turns one after the other, what is queued, what waits
 * for an answer, and the log that tells of it. The agent's process is started when needed and continued by the agent's own id.
 */
import { randomUUID } from 'node:crypto';
import { assertNever } from '$lib/protocol/assert-never';
import type { PermissionMode } from '$lib/protocol/agent';
import type {
	Answerer,
	CancelResult,
	ChatEvent,
	Failure,
	QueuedMessage,
	RequestAnswer,
	StoredImage,
	TurnUsage
} from '$lib/protocol/chat';
import { CoppiceError } from '$lib/protocol/errors';
import {
	AgentFault,
	type AgentAdapter,
	type AgentEvent,
	type AdapterOptions,
	type TurnOutcome
} from '../agents/adapter';
import { classifyFailure } from '../agents/failure';
import type { AgentExit, AgentProcess } from './agent-process';
import { createDeltaGatherer } from './delta-gatherer';
import { MessageQueue } from './message-queue';
import { OpenRequests } from './open-requests';
import { createOpenToolCalls } from './tool-calls';

/** How long an agent may take to stop by itself before its processes are ended. */
const INTERRUPT_MS = 5000;

const NO_USAGE: TurnUsage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };

export type ChatState =
	| { state: 'starting' | 'working' | 'idle' | 'exited'; detail: string | null; errorMessage: null }
	| { state: 'needs_input'; detail: string; errorMessage: null }
	| { state: 'error'; detail: null; errorMessage: string };

export interface ConversationOptions {
	/** What is known from before: the agent's id, whether it ever had a turn, and what waits in the queue. */
	readonly known: { agentSessionId: string | null; begun: boolean; queue: readonly QueuedMessage[] };
	readonly cwd: string;
	readonly model: string | null;
	readonly permissionMode: PermissionMode;
	/** Starts the agent. @throws AgentFault when it can't be started */
	startProcess(
		mode: 'fresh' | 'continue',
		listener: { onLine(line: string): void; onExit(exit: AgentExit): void }
	): AgentProcess;
	createAdapter(options: AdapterOptions): AgentAdapter;
	/** Ends the process with everything it started. */
	endProcess(process: AgentProcess): Promise<void>;
	/** What the agent started from now on can later be ended by what is returned. */
	watchChildren(process: AgentProcess): Promise<{ end(): Promise<void> }>;
	log(event: ChatEvent): void;
	onState(state: ChatState): void;
	readImage(image: StoredImage): Promise<{ mimeType: string; data: string }>;
	storeImage(mimeType: string, data: string): Promise<StoredImage>;
	now(): number;
}

interface Turn {
	readonly turnId: string;
	readonly startedAt: number;
	/** Someone asked for its end; resolved with what happened. */
	cancel: Cancel | null;
	children: { end(): Promise<void> } | null;
}

interface Cancel {
	readonly done: Promise<CancelResult>;
	resolve(result: CancelResult): void;
	/** It did not stop by itself. */
	forced: boolean;
}

/** The agent as it runs. */
interface Agent {
	readonly process: AgentProcess;
	readonly adapter: AgentAdapter;
	/** @throws AgentFault when it ends before it is ready, or says why it can't be */
	readonly ready: Promise<void>;
	/** Rejects when its process ends. */
	readonly ended: Promise<never>;
}

export class Conversation {
	readonly #options: ConversationOptions;
	readonly #requests = new OpenRequests();
	readonly #queue: MessageQueue;
	readonly #deltas;
	readonly #tools = createOpenToolCalls();
	#agent: Agent | null = null;
	#opening: Promise<Agent> | null = null;
	#turn: Turn | null = null;
	#agentSessionId: string | null;
	#begun: boolean;
	#model: string | null;
	/** Since the launch. */
	#chosenModel: string | null = null;
	#permissionMode: PermissionMode;
	#isAsking = false;
	#closed = false;

	constructor(options: ConversationOptions) {
		this.#options = options;
		this.#agentSessionId = options.known.agentSessionId;
		this.#begun = options.known.begun;
		this.#model = options.model;
		this.#permissionMode = options.permissionMode;
		this.#queue = new MessageQueue(options.known.queue, (messages, held) =>
			options.log({ channel: 'agent:queue', type: 'queue', payload: { messages, held } })
		);
		this.#deltas = createDeltaGatherer((type, payload) => options.log({ channel: 'agent:delta', type, payload }));
	}

	/** Starts the agent, so that its first answer comes sooner and its commands are known. */
	async start(): Promise<void> {
		try {
			await this.#ready();
			if (!this.#turn) this.#say({ state: 'idle', detail: null, errorMessage: null });
		} catch (error) {
			this.#failState(failureOf(error));
		}
	}

	/** Sends a message, or queues it while the agent works. */
	send(message: QueuedMessage): { queued: boolean } {
		if (this.#turn || this.#queue.size > 0) {
			this.#queue.add(message);
			if (!this.#turn) this.#next();
			return { queued: this.#queue.has(message.messageId) };
		}
		this.#begin(message);
		return { queued: false };
	}

	/** @throws CoppiceError `not_found` when it is not in the queue */
	editQueued(messageId: string, text: string): void {
		this.#queue.edit(messageId, text);
	}

	/** @throws CoppiceError `not_found` when it is not in the queue */
	removeQueued(messageId: string): void {
		this.#queue.remove(messageId);
	}

	/** Puts a queued message first and sends it as soon as the turn that runs has been stopped. */
	async sendNow(messageId: string): Promise<void> {
		this.#queue.moveFirst(messageId);
		if (this.#turn) await this.cancel();
		// The stopped turn has held it, with all that waits.
		this.#queue.release();
		this.#next();
	}

	/** Asks the agent to stop, then ends its processes. Says what happened. */
	cancel(): Promise<CancelResult> {
		const turn = this.#turn;
		if (!turn) return Promise.resolve({ cancelled: false, reason: 'Nothing runs.' });
		if (turn.cancel) return turn.cancel.done;
		let resolve!: (result: CancelResult) => void;
		const done = new Promise<CancelResult>((settle) => (resolve = settle));
		const cancel: Cancel = { done, resolve, forced: false };
		turn.cancel = cancel;
		this.#agent?.adapter.interrupt();
		const timer = setTimeout(() => {
			cancel.forced = true;
			if (this.#agent) void this.#options.endProcess(this.#agent.process);
		}, INTERRUPT_MS);
		return done.finally(() => clearTimeout(timer));
	}

	/** @throws CoppiceError `conflict` when it has been answered or withdrawn, `invalid` when the answer does not fit */
	answer(requestId: string, answer: RequestAnswer, by?: Answerer): void {
		const adapter = this.#agent?.adapter;
		const answered = this.#requests.check(requestId, answer);
		const refusal = adapter?.refusalOf(requestId, answer) ?? null;
		if (refusal !== null) throw new CoppiceError('invalid', refusal);
		this.#requests.close(requestId);
		this.#log({ channel: 'agent:request', type: 'answered', payload: { ...answered, ...(by && { by }) } });
		adapter?.answer(requestId, answer);
		this.#working();
	}

	/** For the turns to come. @throws CoppiceError `invalid` when the agent refuses it */
	async setModel(model: string): Promise<void> {
		await this.#change((adapter) => adapter.setModel(model));
		this.#model = model;
		this.#chosenModel = model;
	}

	/** @throws CoppiceError `invalid` when the agent refuses it */
	async setPermissionMode(mode: PermissionMode): Promise<void> {
		await this.#change((adapter) => adapter.setPermissionMode(mode));
		this.#permissionMode = mode;
	}

	/** Ends what runs and says no more about its state. The agent's process is the caller's to end. */
	close(): void {
		if (this.#closed) return;
		const turn = this.#turn;
		this.#closed = true;
		if (turn) this.#endTurn(turn, { kind: 'cancelled', usage: NO_USAGE });
		this.#deltas.flush();
		this.#agent?.process.closeInput();
	}

	/** The agent, once it is ready for a turn; all who ask meanwhile get the same. @throws AgentFault */
	#ready(): Promise<Agent> {
		return (this.#opening ??= this.#open().finally(() => (this.#opening = null)));
	}

	async #open(): Promise<Agent> {
		const agent = (this.#agent ??= this.#startAgent(this.#begun ? 'continue' : 'fresh'));
		try {
			await agent.ready;
			return agent;
		} catch (error) {
			if (this.#agent === agent) this.#agent = null;
			await this.#options.endProcess(agent.process);
			if (!(error instanceof AgentFault) || error.failure.kind !== 'conversation_lost' || !this.#begun) throw error;
			this.#begun = false;
			this.#log({
				channel: 'agent:notice',
				type: 'notice',
				payload: { kind: 'warning', text: 'The agent has not kept this conversation, so it begins a new one.' }
			});
			return this.#open();
		}
	}

	#startAgent(mode: 'fresh' | 'continue'): Agent {
		const { startProcess, createAdapter, cwd } = this.#options;
		this.#say({ state: 'starting', detail: null, errorMessage: null });
		let markEnded!: (fault: AgentFault) => void;
		const ended = new Promise<never>((_resolve, reject) => (markEnded = reject));
		ended.catch(() => undefined);
		const process = startProcess(mode, {
			onLine: (line) => adapter.receive(line),
			onExit: (exit) => {
				markEnded(new AgentFault(crash(exit)));
				this.#exited(agent, exit);
			}
		});
		const wanted = { model: this.#chosenModel, permissionMode: this.#permissionMode };
		const adapter = createAdapter({
			write: (line) => process.write(line),
			emit: (event) => this.#receive(agent, event),
			cwd,
			conversation: { mode, agentSessionId: this.#agentSessionId },
			model: this.#model,
			permissionMode: this.#permissionMode
		});
		const agent: Agent = {
			process,
			adapter,
			ready: Promise.race([adapter.start().then(() => this.#catchUp(adapter, wanted)), ended]),
			ended
		};
		return agent;
	}

	/** Puts a process where the one before it was: its arguments are those of the launch. */
	async #catchUp(
		adapter: AgentAdapter,
		{ model, permissionMode }: { model: string | null; permissionMode: PermissionMode }
	): Promise<void> {
		// What it refuses now it has refused or not been asked before: the conversation goes on all the same.
		if (model !== null) await adapter.setModel(model).catch(() => undefined);
		if (permissionMode !== this.#options.permissionMode) {
			await adapter.setPermissionMode(permissionMode).catch(() => undefined);
		}
	}

	#begin(message: QueuedMessage): void {
		const turn: Turn = { turnId: randomUUID(), startedAt: this.#options.now(), cancel: null, children: null };
		this.#turn = turn;
		this.#log({
			channel: 'agent:message',
			type: 'user',
			payload: {
				messageId: message.messageId,
				blocks: [
					...(message.text ? [{ type: 'text' as const, text: message.text }] : []),
					...message.images.map((image) => ({ type: 'image' as const, image }))
				]
			}
		});
		this.#working();
		this.#run(turn, message).catch((error: unknown) => {
			if (this.#turn === turn) this.#endTurn(turn, { kind: 'failed', failure: failureOf(error), usage: NO_USAGE });
		});
	}

	async #run(turn: Turn, message: QueuedMessage): Promise<void> {
		const [agent, images] = await Promise.all([
			this.#ready(),
			Promise.all(message.images.map((image) => this.#options.readImage(image)))
		]);
		if (message.model && message.model !== this.#model) await this.setModel(message.model);
		if (message.permissionMode && message.permissionMode !== this.#permissionMode) {
			await this.setPermissionMode(message.permissionMode);
		}
		turn.children = await this.#options.watchChildren(agent.process);
		if (turn.cancel) return this.#endTurn(turn, { kind: 'cancelled', usage: NO_USAGE });
		this.#begun = true;
		this.#working();
		agent.adapter.send({ messageId: message.messageId, text: message.text, images });
	}

	#receive(agent: Agent, event: AgentEvent): void {
		if (this.#agent !== agent) return;
		this.#tools.note(event);
		switch (event.type) {
			case 'delta':
				return this.#deltas.push(event.kind, event.delta);
			case 'session':
				this.#agentSessionId = event.session.agentSessionId;
				this.#model = event.session.model ?? this.#model;
				this.#permissionMode = event.session.permissionMode ?? this.#permissionMode;
				return this.#log({ channel: 'agent:session', type: 'init', payload: event.session });
			case 'message':
				return this.#log({ channel: 'agent:message', type: event.role, payload: event.message });
			case 'image':
				return void this.#showImage(event);
			case 'tool-call':
				return this.#log({ channel: 'agent:tool', type: 'call', payload: event.call });
			case 'tool-progress':
				return this.#log({ channel: 'agent:tool', type: 'progress', payload: event.update });
			case 'tool-result':
				return this.#log({ channel: 'agent:tool', type: 'result', payload: event.update });
			case 'permission':
			case 'question':
				return this.#ask(event);
			case 'withdrawn':
				return this.#withdraw(event.requestId);
			case 'plan':
				return this.#log({ channel: 'agent:plan', type: 'plan', payload: event.plan });
			case 'notice':
				return this.#log({ channel: 'agent:notice', type: 'notice', payload: event.notice });
			case 'turn-ended':
				if (this.#turn) this.#endTurn(this.#turn, event.outcome);
				return;
			default:
				return assertNever(event);
		}
	}

	#ask(event: Extract<AgentEvent, { type: 'permission' | 'question' }>): void {
		this.#requests.add(event.request);
		if (event.type === 'permission') {
			this.#log({ channel: 'agent:request', type: 'permission', payload: event.request });
		} else {
			this.#log({ channel: 'agent:request', type: 'question', payload: event.request });
		}
		this.#working();
	}

	#withdraw(requestId: string): void {
		if (!this.#requests.close(requestId)) return;
		this.#log({ channel: 'agent:request', type: 'answered', payload: { requestId, outcome: 'withdrawn' } });
		this.#working();
	}

	async #showImage({ messageId, mimeType, data }: Extract<AgentEvent, { type: 'image' }>): Promise<void> {
		const image = await this.#options.storeImage(mimeType, data).catch(() => null);
		if (!image || this.#closed) return;
		const payload = { messageId, blocks: [{ type: 'image' as const, image }] };
		this.#log({ channel: 'agent:message', type: 'assistant', payload });
	}

	#endTurn(turn: Turn, outcome: TurnOutcome): void {
		this.#turn = null;
		// What an agent calls a failure while it is being stopped is the stopping.
		const status = turn.cancel && outcome.kind === 'failed' ? 'cancelled' : outcome.kind;
		const cancelled = status === 'cancelled';
		this.#closeOpen(status);
		this.#log({
			channel: 'agent:result',
			type: status,
			payload: {
				turnId: turn.turnId,
				usage: outcome.usage,
				...(outcome.costUsd !== undefined && { costUsd: outcome.costUsd }),
				durationMs: Math.max(0, this.#options.now() - turn.startedAt),
				...(status === 'failed' && outcome.kind === 'failed' && { error: outcome.failure }),
				...(cancelled && { stoppedBy: turn.cancel?.forced ? ('kill' as const) : ('interrupt' as const) })
			}
		});
		if (status === 'failed' && outcome.kind === 'failed') this.#failState(outcome.failure);
		else this.#say({ state: 'idle', detail: null, errorMessage: null });

		if (status === 'completed') this.#next();
		else this.#queue.hold();
		if (turn.cancel) void this.#settleCancel(turn, cancelled);
	}

	/** A cancelled turn leaves no process of its own behind, also none that outlived its tool. */
	async #settleCancel(turn: Turn, cancelled: boolean): Promise<void> {
		if (cancelled) await turn.children?.end();
		turn.cancel?.resolve(cancelled ? { cancelled } : { cancelled, reason: 'The turn had ended already.' });
	}

	#next(): void {
		if (this.#turn || this.#closed) return;
		const message = this.#queue.take();
		if (message) this.#begin(message);
	}

	#exited(agent: Agent, exit: AgentExit): void {
		if (this.#agent !== agent) return;
		this.#agent = null;
		const turn = this.#turn;
		if (turn && this.#begun) {
			const failure = crash(exit);
			this.#endTurn(
				turn,
				turn.cancel ? { kind: 'cancelled', usage: NO_USAGE } : { kind: 'failed', failure, usage: NO_USAGE }
			);
			return;
		}
		if (turn || this.#closed) return;
		this.#closeOpen('failed');
		if (exit.exitCode === 0) this.#say({ state: 'exited', detail: null, errorMessage: null });
		else this.#failState(crash(exit));
	}

	/** Nothing that the turn left open may look as if it went on. */
	#closeOpen(status: 'completed' | 'cancelled' | 'failed'): void {
		for (const toolCallId of this.#tools.close()) {
			this.#log({ channel: 'agent:tool', type: 'result', payload: { toolCallId, status } });
		}
		for (const requestId of this.#requests.closeAll()) {
			const outcome = status === 'cancelled' ? 'cancelled' : 'withdrawn';
			this.#log({ channel: 'agent:request', type: 'answered', payload: { requestId, outcome } });
		}
	}

	/** Says whether it works or waits. Work that an agent left in the background may ask between turns. */
	#working(): void {
		const request = this.#requests.oldest;
		if (request) this.#say({ state: 'needs_input', detail: request.title, errorMessage: null });
		else if (this.#turn) this.#say({ state: 'working', detail: null, errorMessage: null });
		else if (this.#isAsking) this.#say({ state: 'idle', detail: null, errorMessage: null });
	}

	#failState({ message, advice }: Failure): void {
		this.#say({ state: 'error', detail: null, errorMessage: advice ? `${message} ${advice}` : message });
	}

	#say(state: ChatState): void {
		this.#isAsking = state.state === 'needs_input';
		if (!this.#closed) this.#options.onState(state);
	}

	#log(event: ChatEvent): void {
		this.#deltas.flush();
		this.#options.log(event);
	}

	/** Tells the agent that runs; one that is started later is told then. */
	async #change(tell: (adapter: AgentAdapter) => Promise<void>): Promise<void> {
		const agent = this.#agent;
		if (!agent) return;
		try {
			await Promise.race([tell(agent.adapter), agent.ended]);
		} catch (error) {
			if (error instanceof AgentFault) throw new CoppiceError('invalid', error.message);
			throw error;
		}
	}
}

function failureOf(error: unknown): Failure {
	if (error instanceof AgentFault) return error.failure;
	return { kind: 'other', message: error instanceof Error ? error.message : String(error), advice: null };
}

function crash({ exitCode, signal, lastWords }: AgentExit): Failure {
	const meant = classifyFailure(lastWords);
	if (meant.kind !== 'other') return meant;
	const how = signal ? `was ended by ${signal}` : `ended with exit code ${exitCode ?? 'unknown'}`;
	return {
		kind: 'crashed',
		message: `The agent's process ${how}.${lastWords ? ` It said: ${lastWords}` : ''}`,
		advice: 'Send another message to continue.'
	};
}
