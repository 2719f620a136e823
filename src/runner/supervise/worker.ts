/**
 * One worker: its way into the log, what was committed last, and the process that it has now. Everything that happens to it
 * becomes an event first, and is told to others once that is committed.
 */
import { CoppiceError } from '$lib/protocol/errors';
import type { AgentSessionPayload, StatusEvent } from '$lib/protocol/event';
import type { LaunchSpec } from '$lib/protocol/runner-link';
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

	get run(): Run | null {
		return this.#run;
	}

	follow(follower: Follower): () => void {
		this.#followers.add(follower);
		return () => this.#followers.delete(follower);
	}

	/** Starts a process; the worker must have none. Null when it could not: the worker's state then says why. */
	start(spec: LaunchSpec): Run | null {
		const { inherited, homeId } = this.#deps;
		const env = childEnvironment({ inherited, added: spec.env, workerId: this.id, homeId });
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
		const { pid, started } = this.#run;
		const { cols, rows, mode } = spec;
		if (this.#paused) this.#run.pause();
		this.#status(
			{ type: this.#outbox.row.startedAt === null ? 'started' : 'restarted', payload: { pid, mode, cols, rows } },
			{ ...this.#fresh(spec), state: 'starting', pid, pidStarted: started, endedAt: null }
		);
		return this.#run;
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

	#onState({ state, detail, errorMessage }: ObservedState): void {
		const { row } = this.#outbox;
		if (row.state === state && row.stateDetail === detail && row.errorMessage === errorMessage) return;
		this.#status(
			{ type: 'state', payload: { from: row.state, to: state, detail, errorMessage } },
			{ state, stateDetail: detail, errorMessage }
		);
	}

	#onConversation({ cwd }: LaunchSpec, agentSessionId: string): void {
		const payload: AgentSessionPayload = { agentSessionId, model: null, cwd, tools: [], permissionMode: null };
		this.#outbox.event('agent:session', 'init', payload, { agentSessionId });
	}

	#onExit(spec: LaunchSpec, { exitCode, signal }: PtyExit): void {
		this.#run = null;
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
		lastEventAt: null
	};
}
