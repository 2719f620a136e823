/** One worker: its log, and the process that it has now. */
import type { QueuedMessage } from '$lib/protocol/chat';
import { CoppiceError } from '$lib/protocol/errors';
import type { ChatLaunch, LaunchSpec } from '$lib/protocol/runner-link';
import { startChatRun, type ChatRun } from '../chat/chat-run';
import type { Conversation } from '../chat/conversation';
import { imagesOf } from '../chat/images';
import { printOfMessage } from '../chat/kept-chat';
import type { EventLog, WorkerRow } from '../log/event-log';
import type { RowChange } from '../log/outbox';
import { childEnvironment } from '../pty/environment';
import type { PtyExit } from '../pty/pty';
import { checkLaunch, failedStart } from './check-launch';
import { startRun, type Run } from './run';
import type { Screens } from './screens';
import { NO_PROCESS, WorkerLog } from './worker-log';

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
	/** Something else is known of the worker. */
	onChanged(worker: SupervisedWorker): void;
	onFault(worker: SupervisedWorker, error: Error): void;
}

export class SupervisedWorker {
	readonly number: number;
	readonly id: string;
	readonly log: WorkerLog;
	readonly #deps: WorkerDeps;
	#run: Run | null = null;
	/** The run's, while it is a chat. */
	#conversation: Conversation | null = null;
	#hint: string | null = null;
	#paused = false;
	/** Set while the runner itself is ended, which is not what the worker's process ends of. */
	#runnerEnds = false;

	constructor(row: WorkerRow, deps: WorkerDeps) {
		this.number = row.number;
		this.id = row.id;
		this.#deps = deps;
		this.log = new WorkerLog(row, {
			log: deps.log,
			screens: deps.screens,
			onChanged: () => deps.onChanged(this),
			onPressure: (high) => this.#setPaused(high),
			onFault: (error) => deps.onFault(this, error)
		});
	}

	/** What the log says. */
	get row(): WorkerRow {
		return this.log.committed;
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

	/** Starts a process; the worker must have none. Null when it could not: the worker's state then says why. */
	start(spec: LaunchSpec): Run | null {
		const { inherited, homeId } = this.#deps;
		const env = childEnvironment({ inherited, added: spec.env, workerId: this.id, homeId });
		if (spec.chat) return this.#startChat({ ...spec, chat: spec.chat }, env);
		const launch = checkLaunch(spec, env);
		const { outputBytes } = this.log;
		if (!launch.ok) return this.#failStart(spec, launch.message, launch.exitCode);
		try {
			this.#run = startRun({
				spec,
				argv: launch.argv,
				env,
				onOutput: (bytes) => this.log.output(bytes),
				onState: (state) => this.log.state(state),
				onConversation: (agentSessionId) => this.log.conversation(spec.cwd, agentSessionId),
				onExit: (exit) => this.#onExit(spec, exit),
				cursor: (end) => this.log.cursor(outputBytes + end)
			});
		} catch (error) {
			return this.#failStart(spec, `The system can't start it: ${(error as Error).message}`, null);
		}
		this.#sayStarted(spec, this.#run);
		return this.#run;
	}

	#startChat(spec: LaunchSpec & { chat: ChatLaunch }, env: Readonly<Record<string, string>>): ChatRun {
		const { homeId, home } = this.#deps;
		const { kept } = this.log;
		const run = startChatRun({
			spec,
			env,
			kept: spec.mode === 'continue' ? kept : { ...kept, begun: false },
			images: imagesOf(home, this.id),
			isMarked: (marks) => marks.workerId === this.id && marks.homeId === homeId,
			log: (event) => this.log.chat(event),
			logged: () => this.log.settled(),
			onState: (state, process) =>
				this.log.state(state, { pid: process?.pid ?? null, pidStarted: process?.started ?? null }),
			onHint: (hint) => this.#onHint(hint),
			onExit: (exit) => this.#onExit(spec, exit)
		});
		this.#run = run;
		this.#conversation = run.conversation;
		this.#sayStarted(spec, run);
		const { history = [], message } = spec.chat;
		this.log.history(history);
		void run.conversation.start();
		if (message && !this.taken(message)) run.conversation.send(message);
		return run;
	}

	/**
	 * Whether a message came before, and if so, whether it still waits; null when it is new.
	 * @throws CoppiceError `conflict` when another message had its id
	 */
	taken(message: QueuedMessage): { queued: boolean } | null {
		const { taken, queue } = this.log.kept;
		const before = taken.find(({ id }) => id === message.messageId);
		if (!before) return null;
		if (before.print !== printOfMessage(message)) throw new CoppiceError('conflict', 'Another message had this id.');
		return { queued: queue.some(({ messageId }) => messageId === message.messageId) };
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
		const { row } = this.log;
		if (!this.#run || (row.cols === cols && row.rows === rows)) return;
		this.#run.resize(cols, rows);
		this.log.resize(cols, rows, clientId);
	}

	/** From now on the end of the process counts as lost with the runner. */
	expectInterruption(): void {
		this.#runnerEnds = true;
	}

	/** The process was lost together with its runner. */
	interrupted(): void {
		const { state } = this.log.row;
		const { requests, turn, queue } = this.log.kept;
		// Nobody waits for an answer any more.
		for (const { requestId } of requests) {
			this.log.chat({ channel: 'agent:request', type: 'answered', payload: { requestId, outcome: 'withdrawn' } });
		}
		// Before it works, an agent has not been given the message: it still waits to be.
		if (turn && state !== 'working' && state !== 'needs_input') {
			this.log.chat({ channel: 'agent:queue', type: 'queue', payload: { messages: [turn, ...queue], held: true } });
		}
		this.log.interrupted();
	}

	/** Forgets the log and the pictures. The process must have ended. */
	async drop(): Promise<void> {
		await this.log.drop();
		await imagesOf(this.#deps.home, this.id).removeAll();
	}

	#sayStarted(spec: LaunchSpec, run: Run): void {
		const { cols, rows, mode } = spec;
		const { pid, started } = run;
		const driven = spec.chat ? 'chat' : 'terminal';
		if (this.#paused) run.pause();
		this.log.status(
			{
				type: this.log.row.startedAt === null ? 'started' : 'restarted',
				payload: { pid, mode, interface: driven, cols, rows }
			},
			{ ...this.#fresh(spec), state: 'starting', pid, pidStarted: started, endedAt: null }
		);
	}

	#failStart(spec: LaunchSpec, errorMessage: string, exitCode: number | null): null {
		const from = this.log.row.state;
		this.log.status(
			{ type: 'state', payload: { from, to: 'error', detail: null, errorMessage } },
			{ ...this.#fresh(spec), state: 'error', errorMessage, exitCode, endedAt: Date.now() }
		);
		return null;
	}

	/** What every start, whether it works or not, makes of the row. */
	#fresh({ cols, rows, mode }: LaunchSpec): RowChange {
		return {
			...NO_PROCESS,
			cols,
			rows,
			startedAt: Date.now(),
			agentSessionId: mode === 'continue' ? this.log.row.agentSessionId : null
		};
	}

	#onExit(spec: LaunchSpec, { exitCode, signal }: PtyExit): void {
		this.#run = null;
		this.#conversation = null;
		if (this.#runnerEnds) return this.interrupted();
		const errorMessage = failedStart(spec, exitCode);
		this.log.status(
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

	#onHint(hint: string | null): void {
		this.#hint = hint;
		this.#deps.onChanged(this);
	}

	#setPaused(paused: boolean): void {
		this.#paused = paused;
		if (paused) this.#run?.pause();
		else this.#run?.resume();
	}
}
