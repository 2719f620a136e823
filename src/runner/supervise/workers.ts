/** Every worker of this home, and what can be asked of them. Commands to one worker are done one after another. */
import { CoppiceError } from '$lib/protocol/errors';
import type { CancelResult, QueuedMessage } from '$lib/protocol/chat';
import type { LaunchSpec } from '$lib/protocol/runner-link';
import type { Conversation } from '../chat/conversation';
import { isLive } from '$lib/protocol/state';
import type { WorkerRuntime } from '$lib/protocol/worker';
import type { WorkerRow } from '../log/event-log';
import type { Stall } from '../log/sqlite-log';
import { endFamily } from './end-processes';
import type { RunnerLog } from './runner-log';
import { runtimeOf } from './runtime';
import { within } from './within';
import { SupervisedWorker, type WorkerDeps } from './worker';
import { newWorkerRow } from './worker-log';

/** What a process gets to end in when it makes way for its successor, or when its worker is deleted. */
const REPLACE_GRACE_MS = 3000;
const DROP_GRACE_MS = 1000;
/** Its last output is read within this; while the log can't be written it may take for ever. */
const LAST_OUTPUT_MS = 2000;
/** What an answer waits for its events to be committed. */
const COMMIT_MS = 2000;

export interface WorkersOptions extends WorkerDeps {
	readonly rows: readonly WorkerRow[];
	/** The first number that is free. */
	readonly nextNumber: number;
	readonly runnerLog: RunnerLog;
	onDropped(workerId: string): void;
}

export class Workers {
	readonly #options: WorkersOptions;
	readonly #workers = new Map<string, SupervisedWorker>();
	readonly #queues = new Map<string, Promise<unknown>>();
	#nextNumber: number;
	#stall: Stall | null = null;
	#closing = false;

	constructor(options: WorkersOptions) {
		this.#options = options;
		this.#nextNumber = options.nextNumber;
		for (const row of options.rows) this.#workers.set(row.id, new SupervisedWorker(row, options));
	}

	/** @throws CoppiceError `not_found` */
	get(workerId: string): SupervisedWorker {
		const worker = this.#workers.get(workerId);
		if (!worker) throw new CoppiceError('not_found', 'The runner knows no such worker: it has never been started.');
		return worker;
	}

	find(workerId: string): SupervisedWorker | null {
		return this.#workers.get(workerId) ?? null;
	}

	runtimes(): WorkerRuntime[] {
		return [...this.#workers.values()].filter(({ row }) => row.lastSeq > 0).map((worker) => this.runtime(worker));
	}

	runtime({ row, log, hint }: SupervisedWorker): WorkerRuntime {
		return runtimeOf(row, log.chatRuntime, this.#stall, hint);
	}

	/** @throws CoppiceError `not_found`, `worker_not_running` when it is no chat or has been ended */
	#conversation(workerId: string): Conversation {
		const { conversation } = this.get(workerId);
		if (!conversation) throw new CoppiceError('worker_not_running', 'This conversation is not open now.');
		return conversation;
	}

	/** Why the log can't be written now; null when it can. */
	setStall(stall: Stall | null): void {
		this.#stall = stall;
		for (const worker of this.#workers.values()) if (worker.row.pid !== null) this.#options.onChanged(worker);
	}

	/**
	 * Ends what the worker still has, then starts. `pid` is null when it could not: its state says why. `unlessStarted` leaves
	 * a worker alone that was started before.
	 */
	start(spec: LaunchSpec, { unlessStarted = false } = {}): Promise<{ pid: number | null }> {
		if (this.#closing) throw new CoppiceError('runner_unavailable', 'The runner is ending.');
		// Known from now on, so that whoever asks next can follow it.
		this.#known(spec);
		return this.#inTurn(spec.workerId, async () => {
			const { run, row } = this.#known(spec);
			if (unlessStarted && (run || row.startedAt !== null)) return { pid: run?.pid ?? null };
			return this.#startNow(spec);
		});
	}

	/** Starts a chat unless its conversation is open. */
	open(spec: LaunchSpec): Promise<Record<string, never>> {
		if (this.#closing) throw new CoppiceError('runner_unavailable', 'The runner is ending.');
		this.#known(spec);
		return this.#inTurn(spec.workerId, async () => {
			if (!this.#known(spec).conversation) await this.#startNow(spec);
			return {};
		});
	}

	/**
	 * Hands a message to a conversation; resolves once it is in the log. One that came before is not sent again.
	 * @throws CoppiceError `not_found`, `worker_not_running` when the conversation is not open, `conflict`
	 */
	message(workerId: string, message: QueuedMessage): Promise<{ queued: boolean; isNew: boolean }> {
		return this.#inTurn(workerId, async () => {
			const worker = this.get(workerId);
			const taken = worker.taken(message);
			const { queued } = taken ?? this.#conversation(workerId).send(message);
			await within(COMMIT_MS, worker.log.settled());
			return { queued, isNew: taken === null };
		});
	}

	/**
	 * Does something with a conversation; resolves once what came of it is in the log.
	 * @throws CoppiceError `not_found`, `worker_not_running`, and what the conversation does
	 */
	async converse(
		workerId: string,
		act: (conversation: Conversation) => void | Promise<void>
	): Promise<Record<string, never>> {
		const { log } = this.get(workerId);
		await act(this.#conversation(workerId));
		await within(COMMIT_MS, log.settled());
		return {};
	}

	/** Stops the turn that runs; resolves once what came of it is in the log. @throws CoppiceError `not_found` */
	async cancel(workerId: string): Promise<CancelResult> {
		const worker = this.get(workerId);
		const result = (await worker.conversation?.cancel()) ?? { cancelled: false, reason: 'Nothing runs.' };
		await within(COMMIT_MS, worker.log.settled());
		return result;
	}

	async #startNow(spec: LaunchSpec): Promise<{ pid: number | null }> {
		const worker = this.#known(spec);
		if (worker.run || worker.row.startedAt !== null) await this.#end(worker, REPLACE_GRACE_MS);
		if (this.#closing) throw new CoppiceError('runner_unavailable', 'The runner is ending.');
		if (worker.run)
			throw new CoppiceError('conflict', 'What it printed last can’t be kept yet, so it can’t start anew.');
		const run = worker.start(spec);
		await within(COMMIT_MS, worker.log.settled());
		this.#options.runnerLog.info(
			run ? `worker ${worker.id} runs as process ${run.pid}` : `worker ${worker.id} did not start`
		);
		return { pid: run?.pid ?? null };
	}

	/** Ends the worker's process with its whole tree, by force after `graceMs`. */
	stop(workerId: string, graceMs: number): Promise<{ ended: number }> {
		return this.#inTurn(workerId, async () => {
			const worker = this.#workers.get(workerId);
			return { ended: worker ? await this.#end(worker, graceMs) : 0 };
		});
	}

	drop(workerId: string): Promise<Record<string, never>> {
		return this.#inTurn(workerId, async () => {
			const worker = this.#workers.get(workerId);
			if (!worker) return {};
			await this.#end(worker, DROP_GRACE_MS);
			this.#workers.delete(workerId);
			await worker.drop();
			this.#options.onDropped(workerId);
			return {};
		});
	}

	/** Marks those whose processes went down with the runner that had them. Resolves when that is in the log, if it can be. */
	async markInterrupted(): Promise<void> {
		const lost = [...this.#workers.values()].filter(
			({ row, log }) => row.pid !== null || isLive(row.state) || log.kept.turn !== null
		);
		for (const worker of lost) {
			worker.interrupted();
			this.#options.runnerLog.info(`worker ${worker.id} was interrupted`);
		}
		await within(COMMIT_MS, Promise.all(lost.map((worker) => worker.log.settled())));
	}

	/** Ends every process of this home that no worker has in its care. */
	async endLeftovers(graceMs: number): Promise<number> {
		const { homeId } = this.#options;
		return endFamily({ root: null, isMarked: (marks) => marks.homeId === homeId }, graceMs);
	}

	/** Ends every worker. `mark` says what the log will call it: ended by a person, or lost with the runner. */
	async shutdown(mark: 'exited' | 'interrupted', graceMs: number): Promise<void> {
		this.#closing = true;
		const workers = [...this.#workers.values()];
		await Promise.all(
			workers.map((worker) =>
				this.#inTurn(worker.id, async () => {
					if (!worker.run) return;
					if (mark === 'interrupted') worker.expectInterruption();
					await this.#end(worker, graceMs);
				})
			)
		);
		await this.endLeftovers(0);
		await within(COMMIT_MS, Promise.all(workers.map((worker) => worker.log.settled())));
	}

	/** Dropped before its turn comes, it is made again. */
	#known(spec: LaunchSpec): SupervisedWorker {
		return this.#workers.get(spec.workerId) ?? this.#add(spec);
	}

	#add(spec: LaunchSpec): SupervisedWorker {
		const worker = new SupervisedWorker(newWorkerRow(this.#nextNumber++, spec), this.#options);
		this.#workers.set(worker.id, worker);
		return worker;
	}

	async #end(worker: SupervisedWorker, graceMs: number): Promise<number> {
		const { run } = worker;
		run?.close();
		const { homeId } = this.#options;
		const ended = await endFamily(
			{
				root: run?.pid ? { pid: run.pid, started: run.started } : null,
				isMarked: (marks) => marks.workerId === worker.id && marks.homeId === homeId
			},
			graceMs
		);
		if (run) {
			await within(LAST_OUTPUT_MS, run.ended);
			// Whoever is told that it ended can read how.
			await within(COMMIT_MS, worker.log.settled());
		}
		return ended;
	}

	#inTurn<Answer>(workerId: string, task: () => Promise<Answer>): Promise<Answer> {
		const before = this.#queues.get(workerId) ?? Promise.resolve();
		const turn = before.then(task, task);
		const done = turn.then(
			() => {},
			() => {}
		);
		this.#queues.set(workerId, done);
		void done.then(() => {
			if (this.#queues.get(workerId) === done) this.#queues.delete(workerId);
		});
		return turn;
	}
}
