/**
 * One worker's log: its way into it, what was committed last, and who follows it. Everything that happens to a worker becomes
 * an event first, and is told to others once that is committed.
 */
import type { AgentSession, ChatEvent } from '$lib/protocol/chat';
import type { StatusEvent } from '$lib/protocol/event';
import { chatRuntime, readKeptChat, type KeptChat } from '$lib/protocol/kept-chat';
import type { LaunchSpec } from '$lib/protocol/runner-link';
import type { WorkerRuntime } from '$lib/protocol/worker';
import type { ChatState } from '../chat/chat-state';
import { keptAfter } from '../chat/kept-chat';
import { createCallNames } from '../chat/named-calls';
import type { EventLog, LogEvent, WorkerRow } from '../log/event-log';
import { Outbox, type RowChange } from '../log/outbox';
import { Tail } from '../log/tail';
import type { ObservedState } from '../state/worker-state';
import type { Screens } from './screens';

export interface WorkerLogOptions {
	readonly log: EventLog;
	readonly screens: Screens;
	/** A commit changed what is known of the worker. */
	onChanged(): void;
	/** Whether more waits than should. */
	onPressure(high: boolean): void;
	/** Nothing more can be kept. */
	onFault(error: Error): void;
}

/** Somebody who follows the log: woken when there is more, or when it ends. */
export interface Follower {
	wake(): void;
	dropped(): void;
}

export class WorkerLog {
	readonly tail = new Tail();
	readonly #options: WorkerLogOptions;
	readonly #outbox: Outbox;
	readonly #followers = new Set<Follower>();
	/** Output taken in, committed or not. */
	#outputBytes: number;
	#committed: WorkerRow;
	#awaitingOutput: { outputEnd: number; resolve(): void }[] = [];
	readonly #kept = memo(readKeptChat);
	readonly #chatRuntime = memo(chatRuntime);
	readonly #named = createCallNames();

	constructor(row: WorkerRow, options: WorkerLogOptions) {
		this.#options = options;
		this.#committed = row;
		this.#outputBytes = row.outputBytes;
		this.#outbox = new Outbox({
			row,
			writer: options.log.openWriter(row.number),
			now: () => Date.now(),
			onCommitted: (events, committed) => this.#onCommitted(events, committed),
			onPressure: options.onPressure,
			onFault: options.onFault
		});
	}

	/** What the log says. */
	get committed(): WorkerRow {
		return this.#committed;
	}

	/** What it will say once everything said so far is in it. */
	get row(): WorkerRow {
		return this.#outbox.row;
	}

	/** The conversation as of `row`. */
	get kept(): KeptChat {
		return this.#kept(this.row.chat);
	}

	/** The conversation as others are told of it. */
	get chatRuntime(): Pick<WorkerRuntime, 'chat' | 'request'> {
		return this.#chatRuntime(this.#committed.chat);
	}

	get outputBytes(): number {
		return this.#outputBytes;
	}

	follow(follower: Follower): () => void {
		this.#followers.add(follower);
		return () => this.#followers.delete(follower);
	}

	output(bytes: Uint8Array): void {
		this.#outputBytes += bytes.length;
		this.#outbox.output(bytes);
	}

	status({ type, payload }: StatusEvent, change: RowChange): void {
		this.#outbox.event('system:status', type, payload, change);
	}

	/** Nothing when it is as it was. */
	state({ state, detail, errorMessage }: ObservedState | ChatState, process: RowChange = {}): void {
		const { row } = this;
		const isSamePid = process.pid === undefined || process.pid === row.pid;
		if (isSamePid && row.state === state && row.stateDetail === detail && row.errorMessage === errorMessage) return;
		this.status(
			{ type: 'state', payload: { from: row.state, to: state, detail, errorMessage } },
			{ state, stateDetail: detail, errorMessage, ...process }
		);
	}

	resize(cols: number, rows: number, clientId: string | null): void {
		this.#outbox.event('pty:resize', 'resize', { cols, rows, clientId }, { cols, rows });
	}

	chat(event: ChatEvent): void {
		this.#chat(event, keptAfter(this.kept, event, Date.now()));
	}

	/** What was said before this worker: its turns are long over. */
	history(events: readonly ChatEvent[]): void {
		for (const event of events) this.#chat(event, { ...keptAfter(this.kept, event, Date.now()), turn: null });
	}

	/** Its process is lost, and with it the turn that ran. */
	interrupted(): void {
		const { pid } = this.row;
		const { turn, ...kept } = this.kept;
		this.status(
			{ type: 'interrupted', payload: { pid } },
			{
				...{ state: 'interrupted', stateDetail: null, pid: null, pidStarted: null, endedAt: Date.now() },
				...(turn && { chat: JSON.stringify({ ...kept, turn: null } satisfies KeptChat) })
			}
		);
	}

	#chat(told: ChatEvent, next: KeptChat): void {
		const { kept } = this;
		const event = this.#named(told);
		this.#outbox.event(event.channel, event.type, event.payload, {
			...(next !== kept && { chat: JSON.stringify(next) }),
			...(event.channel === 'agent:session' && { agentSessionId: event.payload.agentSessionId })
		});
	}

	/** A terminal's agent has been found to have a conversation. */
	conversation(cwd: string, agentSessionId: string): void {
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

	/** Where the cursor stood after exactly `outputEnd` bytes. The models read the log, so these must be in it. */
	async cursor(outputEnd: number): Promise<{ x: number; y: number }> {
		if (this.#committed.outputBytes < outputEnd) {
			await new Promise<void>((resolve) => this.#awaitingOutput.push({ outputEnd, resolve }));
		}
		return this.#options.screens.cursor(this.#committed.number, outputEnd, this.#committed.lastSeq);
	}

	/** Resolves when everything that happened so far is in the log. */
	settled(): Promise<void> {
		return this.#outbox.settled();
	}

	/** Forgets everything. */
	async drop(): Promise<void> {
		const { number } = this.#committed;
		await this.#outbox.close();
		await this.#options.log.drop(number);
		this.#options.screens.drop(number);
		this.tail.clear();
		for (const follower of this.#followers) follower.dropped();
		this.#followers.clear();
	}

	#onCommitted(events: readonly LogEvent[], row: WorkerRow): void {
		this.#committed = row;
		this.tail.push(events, this.#followers.size > 0);
		for (const follower of this.#followers) follower.wake();
		this.#options.screens.advanced(row.number, row.lastSeq);
		while (this.#awaitingOutput[0] && this.#awaitingOutput[0].outputEnd <= row.outputBytes) {
			this.#awaitingOutput.shift()!.resolve();
		}
		this.#options.onChanged();
	}
}

/** Reads a column once for as long as it is the same: events come by the thousand, and few change it. */
function memo<Value>(read: (column: string | null) => Value): (column: string | null) => Value {
	let known: { column: string | null; value: Value } | null = null;
	return (column) => {
		if (known?.column !== column || !known) known = { column, value: read(column) };
		return known.value;
	};
}

/** What is said of a process, where there is none yet. */
export const NO_PROCESS = {
	stateDetail: null,
	errorMessage: null,
	exitCode: null,
	signal: null,
	pid: null,
	pidStarted: null
} as const satisfies RowChange;

/** A worker of which nothing is in the log yet. */
export function newWorkerRow(
	number: number,
	{ workerId, cols, rows }: Pick<LaunchSpec, 'workerId' | 'cols' | 'rows'>
): WorkerRow {
	return {
		number,
		id: workerId,
		firstSeq: 0,
		lastSeq: 0,
		outputBytes: 0,
		state: 'starting',
		...NO_PROCESS,
		agentSessionId: null,
		cols,
		rows,
		startedAt: null,
		endedAt: null,
		lastEventAt: null,
		chat: null
	};
}
