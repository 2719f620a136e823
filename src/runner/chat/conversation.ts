/**
 * One worker's conversation with an agent: turns one after the other, what is queued, what waits for an answer, and the log
 * that tells of it.
 */
import type { PermissionMode } from '$lib/protocol/agent';
import type { Answerer, CancelResult, ChatEvent, QueuedMessage, RequestAnswer, StoredImage } from '$lib/protocol/chat';
import { CoppiceError } from '$lib/protocol/errors';
import { AgentFault, type AgentEvent, type OutgoingMessage, type TurnOutcome } from '../agents/adapter';
import { AgentLife, type AgentOptions } from './agent-life';
import type { AgentExit, AgentProcess } from './agent-process';
import { boundedEvent } from './bounded-event';
import { errorState, plainState, type ChatState } from './chat-state';
import { createDeltaGatherer } from './delta-gatherer';
import { failureOf, failureOfExit } from './failure-of';
import { MessageQueue } from './message-queue';
import { OpenRequests } from './open-requests';
import { watchSilence } from './silence';
import { createOpenToolCalls } from './tool-calls';
import { transcribe, userMessage } from './transcribe';
import { askToStop, failed, newTurn, resultOf, stopped, type Turn } from './turn';

export interface ConversationOptions extends AgentOptions {
	/** Also what waits in the queue. */
	readonly known: AgentOptions['known'] & { readonly queue: readonly QueuedMessage[] };
	/** What the agent started from now on can later be ended by what is returned. */
	watchChildren(process: AgentProcess): Promise<{ end(): Promise<void> }>;
	log(event: ChatEvent): void;
	/** Resolves when everything said so far is in the log. */
	logged(): Promise<void>;
	onState(state: ChatState): void;
	/** A remark on the state that no log keeps; null when there is none (any more). */
	onHint(hint: string | null): void;
	readImage(image: StoredImage): Promise<OutgoingMessage['images'][number]>;
	storeImage(mimeType: string, data: string): Promise<StoredImage>;
	now(): number;
}

export class Conversation {
	readonly #options: ConversationOptions;
	readonly #agent: AgentLife;
	readonly #requests = new OpenRequests();
	readonly #queue: MessageQueue;
	readonly #deltas;
	readonly #tools = createOpenToolCalls();
	readonly #silence;
	#turn: Turn | null = null;
	#turns = 0;
	/** Of what the last stopped turn has left. */
	#cleaning: Promise<void> = Promise.resolve();
	#isAsking = false;
	#closed = false;

	constructor(options: ConversationOptions) {
		const { known, log, now, onHint } = options;
		this.#options = options;
		this.#agent = new AgentLife(options, {
			onStarting: () => this.#say(plainState('starting')),
			onWord: () => this.#silence.word(),
			onEvent: (event) => this.#receive(boundedEvent(event)),
			onExit: (exit) => this.#exited(exit)
		});
		this.#queue = new MessageQueue(known.queue, (messages, held) =>
			this.#log({ channel: 'agent:queue', type: 'queue', payload: { messages, held } })
		);
		this.#deltas = createDeltaGatherer((type, payload) => log({ channel: 'agent:delta', type, payload }));
		this.#silence = watchSilence({
			isExpected: () => this.#tools.isEmpty && !this.#requests.oldest,
			now,
			onHint
		});
	}

	/** Starts the agent, so that its first answer comes sooner and its commands are known. */
	async start(): Promise<void> {
		const turnsBefore = this.#turns;
		// A turn that has begun meanwhile says itself how it goes.
		const tell = (state: ChatState) => void (this.#turns === turnsBefore && this.#say(state));
		await this.#agent.ready().then(
			() => tell(plainState('idle')),
			(error: unknown) => tell(errorState(failureOf(error)))
		);
	}

	/**
	 * Sends a message, or queues it while the agent works.
	 * @throws CoppiceError `worker_not_running` when it is closed, `too_large` when too much waits already
	 */
	send(message: QueuedMessage): { queued: boolean } {
		if (this.#closed) throw new CoppiceError('worker_not_running', 'This conversation has been closed.');
		if (this.#turn || this.#queue.size > 0) {
			this.#queue.add(message);
			if (!this.#turn) this.#next();
			return { queued: this.#queue.has(message.messageId) };
		}
		this.#begin(message);
		return { queued: false };
	}

	/** @throws CoppiceError `not_found` when it is not in the queue, `invalid` when nothing would be left, `too_large` */
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
		if (this.#closed) return;
		// The stopped turn has held it, with all that waits.
		this.#queue.release();
		this.#next();
	}

	/** Asks the agent to stop, then ends its processes. Says what happened. */
	cancel(): Promise<CancelResult> {
		const turn = this.#turn;
		if (!turn) return Promise.resolve({ cancelled: false, reason: 'Nothing runs.' });
		if (turn.cancel) return turn.cancel.done;
		const done = askToStop(turn, () => void this.#force(turn));
		if (turn.isSent) this.#agent.adapter?.interrupt();
		return done;
	}

	/** @throws CoppiceError `conflict` when it has been answered or withdrawn, `invalid` when the answer does not fit */
	answer(requestId: string, answer: RequestAnswer, by?: Answerer): void {
		const { adapter } = this.#agent;
		const { answered, agentsId, told } = this.#requests.check(requestId, answer);
		const refusal = adapter?.refusalOf(agentsId, told) ?? null;
		if (refusal !== null) throw new CoppiceError('invalid', refusal);
		this.#requests.close(requestId);
		this.#log({ channel: 'agent:request', type: 'answered', payload: { ...answered, ...(by && { by }) } });
		adapter?.answer(agentsId, told);
		this.#tellActivity();
	}

	/** For the turns to come. @throws CoppiceError `invalid` when the agent refuses it */
	setModel(model: string): Promise<void> {
		return this.#agent.setModel(model).catch(refuse);
	}

	/** @throws CoppiceError `invalid` when the agent refuses it */
	setPermissionMode(mode: PermissionMode): Promise<void> {
		return this.#agent.setPermissionMode(mode).catch(refuse);
	}

	/** Ends what runs and says no more about its state. The agent's process is the caller's to end. */
	close(): void {
		if (this.#closed) return;
		this.#closed = true;
		if (this.#turn) this.#endTurn(this.#turn, stopped);
		this.#deltas.flush();
		this.#agent.close();
	}

	#begin(message: QueuedMessage): void {
		const turn = newTurn(this.#options.now());
		this.#turn = turn;
		this.#turns++;
		this.#log(userMessage(message));
		this.#tellActivity();
		this.#run(turn, message).catch((error: unknown) => {
			if (this.#turn === turn) this.#endTurn(turn, failed(failureOf(error)));
		});
	}

	async #run(turn: Turn, { messageId, text, images: stored, model, permissionMode }: QueuedMessage): Promise<void> {
		const [agent, images] = await Promise.all([this.#agent.ready(), this.#readImages(stored)]);
		if (this.#goesOn(turn) && model) await this.#agent.setModel(model);
		if (this.#goesOn(turn) && permissionMode) await this.#agent.setPermissionMode(permissionMode);
		// What is cleaned up is told from what this turn starts by when it was started.
		await this.#cleaning;
		if (!this.#goesOn(turn)) return;
		turn.children = await this.#options.watchChildren(agent.process);
		if (!this.#goesOn(turn)) return;
		this.#tellActivity();
		// After a loss of the runner, the log must not take for unsent what the agent has.
		await this.#options.logged();
		if (!this.#goesOn(turn)) return;
		turn.isSent = true;
		this.#agent.begins();
		this.#silence.begin();
		agent.adapter.send({ messageId, text, images });
	}

	/** Whether a turn that has not reached the agent is still to; one that was stopped meanwhile ends here. */
	#goesOn(turn: Turn): boolean {
		if (this.#turn !== turn) return false;
		if (!turn.cancel) return true;
		this.#endTurn(turn, stopped);
		return false;
	}

	#readImages(stored: readonly StoredImage[]): Promise<OutgoingMessage['images']> {
		return Promise.all(stored.map((image) => this.#options.readImage(image))).catch(() => {
			throw new AgentFault({
				kind: 'other',
				message: 'A picture of this message is not there any more.',
				advice: 'Send the message again, with its pictures.'
			});
		});
	}

	async #force(turn: Turn): Promise<void> {
		await this.#agent.end();
		if (this.#turn === turn) this.#endTurn(turn, stopped);
	}

	#endTurn(turn: Turn, outcome: TurnOutcome): void {
		this.#turn = null;
		this.#silence.end();
		clearTimeout(turn.cancel?.patience);
		const { status, payload } = resultOf(turn, outcome, this.#options.now());
		this.#closeOpen(status);
		this.#log({ channel: 'agent:result', type: status, payload });
		this.#say(payload.error ? errorState(payload.error) : plainState('idle'));
		if (status === 'completed') this.#next();
		else this.#queue.hold();
		if (turn.cancel) void this.#settleCancel(turn, status === 'cancelled');
	}

	/** A cancelled turn leaves no process of its own behind, also none that outlived its tool. */
	async #settleCancel({ cancel, children }: Turn, cancelled: boolean): Promise<void> {
		if (cancelled && children) await (this.#cleaning = children.end());
		cancel?.settle(cancelled ? { cancelled } : { cancelled, reason: 'The turn had ended already.' });
	}

	#next(): void {
		if (this.#turn || this.#closed) return;
		const message = this.#queue.take();
		if (message) this.#begin(message);
	}

	#exited(exit: AgentExit): void {
		if (this.#turn) return this.#endTurn(this.#turn, failed(failureOfExit(exit)));
		if (this.#closed) return;
		this.#closeOpen('failed');
		this.#say(exit.exitCode === 0 ? plainState('exited') : errorState(failureOfExit(exit)));
	}

	#receive(event: AgentEvent): void {
		this.#tools.note(event);
		switch (event.type) {
			case 'delta':
				return this.#deltas.push(event.kind, event.delta);
			case 'image':
				return void this.#showImage(event);
			case 'withdrawn':
				return this.#withdraw(event.requestId);
			case 'turn-ended':
				if (this.#turn?.isSent) this.#endTurn(this.#turn, event.outcome);
				return;
			case 'session':
				this.#agent.noteSession(event.session);
				break;
			case 'permission':
			case 'question':
				this.#log(transcribe(this.#requests.add(event)));
				return this.#tellActivity();
		}
		this.#log(transcribe(event));
	}

	#withdraw(agentsId: string): void {
		const requestId = this.#requests.idOf(agentsId);
		if (requestId === null || !this.#requests.close(requestId)) return;
		this.#log({ channel: 'agent:request', type: 'answered', payload: { requestId, outcome: 'withdrawn' } });
		this.#tellActivity();
	}

	async #showImage({ messageId, mimeType, data }: Extract<AgentEvent, { type: 'image' }>): Promise<void> {
		const image = await this.#options.storeImage(mimeType, data).catch(() => null);
		if (!image || this.#closed) return;
		const payload = { messageId, blocks: [{ type: 'image' as const, image }] };
		this.#log({ channel: 'agent:message', type: 'assistant', payload });
	}

	/** Nothing that the turn left open may look as if it went on. */
	#closeOpen(status: TurnOutcome['kind']): void {
		for (const toolCallId of this.#tools.close()) {
			this.#log({ channel: 'agent:tool', type: 'result', payload: { toolCallId, status } });
		}
		for (const requestId of this.#requests.closeAll()) {
			const outcome = status === 'cancelled' ? 'cancelled' : 'withdrawn';
			this.#log({ channel: 'agent:request', type: 'answered', payload: { requestId, outcome } });
		}
	}

	/** Says whether it works or waits. Work that an agent left in the background may ask between turns. */
	#tellActivity(): void {
		const request = this.#requests.oldest;
		if (request) this.#say({ state: 'needs_input', detail: request.title, errorMessage: null });
		// Nobody works before the agent is ready: until then it is starting.
		else if (this.#turn) void (this.#agent.isReady && this.#say(plainState('working')));
		else if (this.#isAsking) this.#say(plainState('idle'));
	}

	#say(state: ChatState): void {
		this.#isAsking = state.state === 'needs_input';
		if (!this.#closed) this.#options.onState(state);
	}

	#log(event: ChatEvent): void {
		this.#deltas.flush();
		this.#options.log(event);
	}
}

/** @throws CoppiceError */
function refuse(error: unknown): never {
	if (error instanceof AgentFault) throw new CoppiceError('invalid', error.message);
	throw error;
}
