/**
 * One worker: its way into the log, what was committed last, and the process that it has now. Everything that happens to it
 * becomes an event first, and is told to others once that is committed.
 */
import type { AgentSession, ChatEvent, QueuedMessage } from '$lib/protocol/chat';
import { CoppiceError } from '$lib/protocol/errors';
import { readKeptChat, type KeptChat } from '$lib/protocol/kept-chat';
import type { StatusEvent } from '$lib/protocol/event';
import type { ChatLaunch, LaunchSpec } from '$lib/protocol/runner-link';
import { startChatRun, type ChatRun } from '../chat/chat-run';
import type { ChatState } from '../chat/chat-state';
import type { Conversation } from '../chat/conversation';
import { imagesOf } from '../chat/images';
import { keptAfter, printOfMessage } from '../chat/kept-chat';
import type { EventLog, LogEvent, WorkerRow } from '../log/event-log';
import { Outbox, type RowChange } from '../log/outbox';
import { Tail } from '../log/tail';
import { childEnvironment } from '../pty/environment';
import type { PtyExit } from '../pty/pty';
import type { ObservedState } from '../state/worker-state';
import { checkLaunch, failedStart } from './check-launch';
import { startRun, type Run } from './run';
import type { Screens } from './screens';

/** What every worker shares. */
export interface WorkerDeps {
	/** COPPICE_HOME, below which pictures lie. */
	readonly home: string;
	readonly log: EventLog;
	readonly screens: Screens;
	/** By which the processes of this home are marked. */
	readonly homeId: string;
	/** The runner's own environment. */
	readonly inherited: Readonly<Record<string, string | undefined>>;
	/** A commit changed what is known of the worker. */
	onChanged(worker: SupervisedWorker): void;
	onFault(worker: SupervisedWorker, error: Error): void;
}

/** Somebody who follows the log: woken when there is more, or when it ends. */
export interface Follower {
	wake(): void;
	dropped(): void;
}

export class SupervisedWorker {
	readonly number: number;
	readonly id: string;
	readonly tail = new Tail();
	readonly #deps: WorkerDeps;
	readonly #outbox: Outbox;
	readonly #followers = new Set<Follower>();
	/** Output taken in, committed or not. */
	#outputBytes: number;
	#committed: WorkerRow;
	#run: Run | null = null;
	/** The run's, while it is a chat. */
	#conversation: Conversation | null = null;
	#hint: string | null = null;
	#paused = false;
	/** Set while the runner itself is ended, which is not what the worker's process ends of. */
	#runnerEnds = false;
	#awaitingOutput: { outputEnd: number; resolve(): void }[] = [];

	constructor(row: WorkerRow, deps: WorkerDeps) {
		this.number = row.number;
		this.id = row.id;
		this.#deps = deps;
		this.#committed = row;
		this.#outputBytes = row.outputBytes;
		this.#outbox = new Outbox({
			row,
			writer: deps.log.openWriter(row.number),
			now: () => Date.now(),
			onCommitted: (events, committed) => this.#onCommitted(events, committed),
			onPressure: (high) => this.#setPaused(high),
			onFault: (error) => deps.onFault(this, error)
		});
	}

	/** What the log says. */
	get row(): WorkerRow {
		return this.#committed;
	}

	/** A remark on its state that is not in the log. */
	get hint(): string | null {
		return this.#hint;
	}

	get run(): Run | null {
		return this.#run;
	}

	get conversation(): Conversation | null {
		return this.#conversation;
	}

	follow(follower: Follower): () => void {
		this.#followers.add(follower);
		return () => this.#followers.delete(follower);
	}

	/** Starts a process; the worker must have none. Null when it could not: the worker's state then says why. */
	start(spec: LaunchSpec): Run | null {
		const { inherited, homeId } = this.#deps;
		const env = childEnvironment({ inherited, added: spec.env, workerId: this.id, homeId });
		if (spec.chat) return this.#startChat({ ...spec, chat: spec.chat }, env);
		const launch = checkLaunch(spec, env);
		const outputBefore = this.#outputBytes;
		if (!launch.ok) return this.#failStart(spec, launch.message, launch.exitCode);
		try {
			this.#run = startRun({
				spec,
				argv: launch.argv,
				env,
				onOutput: (bytes) => this.#onOutput(bytes),
				onState: (state) => this.#onState(state),
				onConversation: (agentSessionId) => this.#onConversation(spec, agentSessionId),
				onExit: (exit) => this.#onExit(spec, exit),
				cursor: (end) => this.#cursor(outputBefore + end)
			});
		} catch (error) {
			return this.#failStart(spec, `The system can't start it: ${(error as Error).message}`, null);
		}
		this.#sayStarted(spec, this.#run);
		return this.#run;
	}

	#startChat(spec: LaunchSpec & { chat: ChatLaunch }, env: Readonly<Record<string, string>>): ChatRun {
		const { homeId, home } = this.#deps;
		const kept = this.#kept();
		const run = startChatRun({
			spec,
			env,
			kept: spec.mode === 'continue' ? kept : { ...kept, begun: false },
			images: imagesOf(home, this.id),
			isMarked: (marks) => marks.workerId === this.id && marks.homeId === homeId,
			log: (event) => this.#onChat(event),
			logged: () => this.settled(),
			onHint: (hint) => this.#onHint(hint),
			onState: (state, process) =>
				this.#onState(state, { pid: process?.pid ?? null, pidStarted: process?.started ?? null }),
			onExit: (exit) => this.#onExit(spec, exit)
		});
		this.#run = run;
		this.#conversation = run.conversation;
		this.#sayStarted(spec, run);
		const { history = [], message } = spec.chat;
		if (kept.facts.messageCount === 0) for (const event of history) this.#onChat(event);
		void run.conversation.start();
		if (message && !this.taken(message)) run.conversation.send(message);
		return run;
	}

	/**
	 * Whether a message came before, and if so, whether it still waits; null when it is new.
	 * @throws CoppiceError `conflict` when another message had its id
	 */
	taken(message: QueuedMessage): { queued: boolean } | null {
		const { taken, queue } = this.#kept();
		const before = taken.find(({ id }) => id === message.messageId);
		if (!before) return null;
		if (before.print !== printOfMessage(message)) throw new CoppiceError('conflict', 'Another message had this id.');
		return { queued: queue.some(({ messageId }) => messageId === message.messageId) };
	}

	#sayStarted(spec: LaunchSpec, run: Run): void {
		const { cols, rows, mode } = spec;
		const { pid, started } = run;
		const driven = spec.chat ? 'chat' : 'terminal';
		if (this.#paused) run.pause();
		this.#status(
			{
				type: this.#outbox.row.startedAt === null ? 'started' : 'restarted',
				payload: { pid, mode, interface: driven, cols, rows }
			},
			{ ...this.#fresh(spec), state: 'starting', pid, pidStarted: started, endedAt: null }
		);
	}

	#kept(): KeptChat {
		return readKeptChat(this.#outbox.row.chat);
	}

	#onChat(event: ChatEvent): void {
		const kept = this.#kept();
		const next = keptAfter(kept, event, Date.now());
		this.#outbox.event(event.channel, event.type, event.payload, {
			...(next !== kept && { chat: JSON.stringify(next) }),
			...(event.channel === 'agent:session' && { agentSessionId: event.payload.agentSessionId })
		});
	}

	/**
	 * Types bytes, all or none.
	 * @throws CoppiceError `worker_not_running`; `too_large` when too much that was typed waits already
	 */
	input(bytes: Uint8Array): void {
		if (!this.#run) throw new CoppiceError('worker_not_running', 'Nobody is there to read what is typed.');
		if (!this.#run.input(bytes)) {
			throw new CoppiceError('too_large', 'The program does not read, and too much waits for it already.');
		}
	}

	/** Does nothing to a worker without a process: its screen keeps the size that it ended with. */
	resize(cols: number, rows: number, clientId: string | null): void {
		const { row } = this.#outbox;
		if (!this.#run || (row.cols === cols && row.rows === rows)) return;
		this.#run.resize(cols, rows);
		this.#outbox.event('pty:resize', 'resize', { cols, rows, clientId }, { cols, rows });
	}

	/** From now on the end of the process counts as lost with the runner. */
	expectInterruption(): void {
		this.#runnerEnds = true;
	}

	/** The process was lost together with its runner. */
	interrupted(): void {
		const { pid } = this.#outbox.row;
		// Nobody waits for an answer any more.
		for (const { requestId } of this.#kept().requests) {
			this.#onChat({ channel: 'agent:request', type: 'answered', payload: { requestId, outcome: 'withdrawn' } });
		}
		this.#status(
			{ type: 'interrupted', payload: { pid } },
			{ state: 'interrupted', stateDetail: null, pid: null, pidStarted: null, endedAt: Date.now() }
		);
	}

	/** Resolves when everything that happened so far is in the log. */
	settled(): Promise<void> {
		return this.#outbox.settled();
	}

	/** Forgets the log. The process must have ended. */
	async drop(): Promise<void> {
		await this.#outbox.close();
		await this.#deps.log.drop(this.number);
		await imagesOf(this.#deps.home, this.id).removeAll();
		this.#deps.screens.drop(this.number);
		this.tail.clear();
		for (const follower of this.#followers) follower.dropped();
		this.#followers.clear();
	}

	#failStart(spec: LaunchSpec, errorMessage: string, exitCode: number | null): null {
		const from = this.#outbox.row.state;
		this.#status(
			{ type: 'state', payload: { from, to: 'error', detail: null, errorMessage } },
			{ ...this.#fresh(spec), state: 'error', errorMessage, exitCode, endedAt: Date.now() }
		);
		return null;
	}

	/** What every start, whether it works or not, makes of the row. */
	#fresh({ cols, rows, mode }: LaunchSpec): RowChange {
		return {
			stateDetail: null,
			errorMessage: null,
			exitCode: null,
			signal: null,
			pid: null,
			pidStarted: null,
			cols,
			rows,
			startedAt: Date.now(),
			agentSessionId: mode === 'continue' ? this.#outbox.row.agentSessionId : null
		};
	}

	#onOutput(bytes: Uint8Array): void {
		this.#outputBytes += bytes.length;
		this.#outbox.output(bytes);
	}

	#onState({ state, detail, errorMessage }: ObservedState | ChatState, process: RowChange = {}): void {
		const { row } = this.#outbox;
		const isSamePid = process.pid === undefined || process.pid === row.pid;
		if (isSamePid && row.state === state && row.stateDetail === detail && row.errorMessage === errorMessage) return;
		this.#status(
			{ type: 'state', payload: { from: row.state, to: state, detail, errorMessage } },
			{ state, stateDetail: detail, errorMessage, ...process }
		);
	}

	#onConversation({ cwd }: LaunchSpec, agentSessionId: string): void {
		const payload: AgentSession = {
			agentSessionId,
			model: null,
			cwd,
			tools: [],
			permissionMode: null,
			commands: [],
			models: [],
			permissionModes: []
		};
		this.#outbox.event('agent:session', 'init', payload, { agentSessionId });
	}

	#onExit(spec: LaunchSpec, { exitCode, signal }: PtyExit): void {
		this.#run = null;
		this.#conversation = null;
		if (this.#runnerEnds) return this.interrupted();
		const errorMessage = failedStart(spec, exitCode);
		this.#status(
			{ type: 'exited', payload: { exitCode, signal, errorMessage } },
			{
				state: errorMessage ? 'error' : 'exited',
				stateDetail: null,
				errorMessage,
				exitCode,
				signal,
				pid: null,
				pidStarted: null,
				endedAt: Date.now()
			}
		);
	}

	#status({ type, payload }: StatusEvent, change: RowChange): void {
		this.#outbox.event('system:status', type, payload, change);
	}

	#onHint(hint: string | null): void {
		this.#hint = hint;
		this.#deps.onChanged(this);
	}

	#setPaused(paused: boolean): void {
		this.#paused = paused;
		if (paused) this.#run?.pause();
		else this.#run?.resume();
	}

	/** The models read the log, so what was asked about must be in it. */
	async #cursor(outputEnd: number): Promise<{ x: number; y: number }> {
		if (this.#committed.outputBytes < outputEnd) {
			await new Promise<void>((resolve) => this.#awaitingOutput.push({ outputEnd, resolve }));
		}
		return this.#deps.screens.cursor(this.number, outputEnd, this.#committed.lastSeq);
	}

	#onCommitted(events: readonly LogEvent[], row: WorkerRow): void {
		this.#committed = row;
		this.tail.push(events, this.#followers.size > 0);
		for (const follower of this.#followers) follower.wake();
		this.#deps.screens.advanced(this.number, row.lastSeq);
		while (this.#awaitingOutput[0] && this.#awaitingOutput[0].outputEnd <= row.outputBytes) {
			this.#awaitingOutput.shift()!.resolve();
		}
		this.#deps.onChanged(this);
	}
}

/** A worker of which nothing is in the log yet. */
export function newWorkerRow(number: number, { workerId, cols, rows }: LaunchSpec): WorkerRow {
	return {
		number,
		id: workerId,
		firstSeq: 0,
		lastSeq: 0,
		outputBytes: 0,
		state: 'starting',
		stateDetail: null,
		errorMessage: null,
		exitCode: null,
		signal: null,
		pid: null,
		pidStarted: null,
		agentSessionId: null,
		cols,
		rows,
		startedAt: null,
		endedAt: null,
		lastEventAt: null,
		chat: null
	};
}
