/**
 * The agent behind a conversation, through all its processes: started when it is needed, put where the one before it was, and
 * begun anew when it has lost the conversation.
 */
import type { PermissionMode } from '$lib/protocol/agent';
import type { AgentSession } from '$lib/protocol/chat';
import { AgentFault, type AdapterOptions, type AgentAdapter, type AgentEvent } from '../agents/adapter';
import type { AgentExit, AgentProcess } from './agent-process';
import { failureOf, failureOfExit } from './failure-of';

export interface ProcessListener {
	onLine(line: string): void;
	/** It wrote a line that was too long to be read. */
	onTooLong(): void;
	/** Comes once, after all lines. */
	onExit(exit: AgentExit): void;
}

/** What it takes to have an agent. */
export interface AgentOptions {
	/** What is known from before: the agent's id of the conversation, and whether it ever had a turn. */
	readonly known: { agentSessionId: string | null; begun: boolean };
	readonly cwd: string;
	readonly model: string | null;
	readonly permissionMode: PermissionMode;
	/** Starts a process. @throws AgentFault when it can't be started */
	startProcess(mode: 'fresh' | 'continue', listener: ProcessListener): AgentProcess;
	createAdapter(options: AdapterOptions): AgentAdapter;
	/** Ends the process with everything it started. */
	endProcess(process: AgentProcess): Promise<void>;
}

interface AgentListener {
	/** It has a process, and is not ready yet. */
	onStarting(): void;
	/** It wrote something. */
	onWord(): void;
	onEvent(event: AgentEvent): void;
	/** It ended after it had been ready. One that ends before is told to those who wait for it. */
	onExit(exit: AgentExit): void;
}

/** The agent as it runs. */
export interface LiveAgent {
	readonly process: AgentProcess;
	readonly adapter: AgentAdapter;
}

interface Started extends LiveAgent {
	isReady: boolean;
	/** Rejects when its process ends. */
	readonly ended: Promise<never>;
}

interface Attempt {
	isGivenUp: boolean;
}

export class AgentLife {
	readonly #options: AgentOptions;
	readonly #listener: AgentListener;
	#current: Started | null = null;
	#opening: { readonly attempt: Attempt; readonly agent: Promise<LiveAgent> } | null = null;
	#isClosed = false;
	#agentSessionId: string | null;
	#begun: boolean;
	#model: string | null;
	/** Since the launch, whose arguments every process has. */
	#chosenModel: string | null = null;
	#permissionMode: PermissionMode;

	constructor(options: AgentOptions, listener: AgentListener) {
		this.#options = options;
		this.#listener = listener;
		this.#agentSessionId = options.known.agentSessionId;
		this.#begun = options.known.begun;
		this.#model = options.model;
		this.#permissionMode = options.permissionMode;
	}

	get isReady(): boolean {
		return this.#current?.isReady ?? false;
	}

	/** The one that is ready or is being started. */
	get adapter(): AgentAdapter | null {
		return this.#current?.adapter ?? null;
	}

	/** The agent, once it is ready for a turn; all who ask meanwhile get the same. @throws AgentFault */
	ready(): Promise<LiveAgent> {
		if (this.#current?.isReady) return Promise.resolve(this.#current);
		if (this.#opening) return this.#opening.agent;
		const attempt: Attempt = { isGivenUp: false };
		const agent = this.#open(attempt);
		this.#opening = { attempt, agent };
		const forget = () => {
			if (this.#opening?.attempt === attempt) this.#opening = null;
		};
		agent.then(forget, forget);
		return agent;
	}

	/** It is given a turn, so that from now on there is something to continue. */
	begins(): void {
		this.#begun = true;
	}

	/** What it says of itself. */
	noteSession({ agentSessionId, model, permissionMode }: AgentSession): void {
		this.#agentSessionId = agentSessionId;
		this.#model = model ?? this.#model;
		this.#permissionMode = permissionMode ?? this.#permissionMode;
	}

	/** @throws AgentFault when it refuses; one that does not run is told at its start */
	async setModel(model: string): Promise<void> {
		if (model !== this.#model) await this.#tell((adapter) => adapter.setModel(model));
		this.#model = model;
		this.#chosenModel = model;
	}

	/** @throws AgentFault when it refuses */
	async setPermissionMode(mode: PermissionMode): Promise<void> {
		if (mode !== this.#permissionMode) await this.#tell((adapter) => adapter.setPermissionMode(mode));
		this.#permissionMode = mode;
	}

	/** Lets go of the agent and ends its processes; whoever asks next gets a new one. */
	async end(): Promise<void> {
		const agent = this.#current;
		this.#current = null;
		if (this.#opening) this.#opening.attempt.isGivenUp = true;
		this.#opening = null;
		if (agent) await this.#options.endProcess(agent.process);
	}

	/** Starts no more processes, and tells the one that runs that no more will be said. Ending it is the caller's. */
	close(): void {
		this.#isClosed = true;
		this.#current?.process.closeInput();
	}

	async #open(attempt: Attempt): Promise<LiveAgent> {
		if (this.#isClosed) throw new AgentFault(STOPPED);
		const agent = this.#start(this.#begun ? 'continue' : 'fresh');
		this.#current = agent;
		this.#listener.onStarting();
		try {
			await Promise.race([this.#makeReady(agent), agent.ended]);
			return agent;
		} catch (error) {
			if (this.#current === agent) this.#current = null;
			await this.#options.endProcess(agent.process);
			const isLost = this.#begun && failureOf(error).kind === 'conversation_lost';
			if (!isLost || attempt.isGivenUp || this.#isClosed) throw error;
			this.#begun = false;
			const text = 'The agent has not kept this conversation, so it begins a new one.';
			this.#listener.onEvent({ type: 'notice', notice: { kind: 'warning', text } });
			return this.#open(attempt);
		}
	}

	/** Also puts it where the one before it was: its arguments are those of the launch. */
	async #makeReady(agent: Started): Promise<void> {
		const { adapter } = agent;
		const model = this.#chosenModel;
		const permissionMode = this.#permissionMode;
		await adapter.start();
		// What it refuses now it has refused or not been asked before: the conversation goes on all the same.
		if (model !== null) await adapter.setModel(model).catch(() => undefined);
		if (permissionMode !== this.#options.permissionMode) {
			await adapter.setPermissionMode(permissionMode).catch(() => undefined);
		}
		agent.isReady = true;
	}

	#start(mode: 'fresh' | 'continue'): Started {
		const { startProcess, createAdapter, cwd } = this.#options;
		const { onEvent, onWord, onExit } = this.#listener;
		const isCurrent = () => this.#current === agent;
		let markEnded!: (fault: AgentFault) => void;
		const ended = new Promise<never>((_resolve, reject) => (markEnded = reject));
		ended.catch(() => undefined);
		const process = startProcess(mode, {
			onLine(line) {
				if (!isCurrent()) return;
				onWord();
				adapter.receive(line);
			},
			onTooLong() {
				const text = 'The agent wrote a line that is too long to be read. It was left out.';
				if (isCurrent()) onEvent({ type: 'notice', notice: { kind: 'warning', text } });
			},
			onExit: (exit) => {
				markEnded(new AgentFault(failureOfExit(exit)));
				if (!isCurrent()) return;
				this.#current = null;
				if (agent.isReady) onExit(exit);
			}
		});
		const adapter = createAdapter({
			write: (line) => process.write(line),
			emit(event) {
				if (isCurrent()) onEvent(event);
			},
			cwd,
			conversation: { mode, agentSessionId: this.#agentSessionId },
			model: this.#model,
			permissionMode: this.#permissionMode
		});
		const agent: Started = { process, adapter, isReady: false, ended };
		return agent;
	}

	/** One that is being started is told once it can listen. */
	async #tell(say: (adapter: AgentAdapter) => Promise<void>): Promise<void> {
		await this.#opening?.agent.catch(() => undefined);
		const agent = this.#current;
		if (agent) await Promise.race([say(agent.adapter), agent.ended]);
	}
}

const STOPPED = { kind: 'other' as const, message: 'The agent was stopped.', advice: null };
