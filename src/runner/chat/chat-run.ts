/** The run of an agent that is driven as a chat: a conversation, and the processes that it comes to need. */
import type { ChatEvent } from '$lib/protocol/chat';
import type { KeptChat } from '$lib/protocol/kept-chat';
import type { ChatLaunch, LaunchSpec } from '$lib/protocol/runner-link';
import { AgentFault } from '../agents/adapter';
import { ADAPTERS } from '../agents/adapters';
import type { PtyExit } from '../pty/pty';
import { checkLaunch } from '../supervise/check-launch';
import { endFamily, findFamily, identity, type Family } from '../supervise/end-processes';
import type { Run } from '../supervise/run';
import { within } from '../supervise/within';
import type { ProcessListener } from './agent-life';
import { startAgentProcess, type AgentProcess } from './agent-process';
import type { ChatState } from './chat-state';
import { Conversation } from './conversation';
import type { WorkerImages } from './images';

/** What an agent, and what a tool has left, gets to end in once it was asked to. */
const GRACE_MS = 1000;
/** How long its end may take to be known once it has ended. */
const GOODBYE_MS = 1000;

export interface ChatRunOptions {
	readonly spec: LaunchSpec & { chat: ChatLaunch };
	readonly env: Readonly<Record<string, string>>;
	readonly kept: KeptChat;
	readonly images: WorkerImages;
	/** Which processes are this worker's. */
	isMarked: Family['isMarked'];
	log(event: ChatEvent): void;
	/** Resolves when everything said so far is in the log. */
	logged(): Promise<void>;
	/** `process` is the agent as it runs; null when none does. */
	onState(state: ChatState, process: { pid: number; started: string } | null): void;
	/** A remark on the state that no log keeps; null when there is none (any more). */
	onHint(hint: string | null): void;
	/** The run was ended from outside; nothing comes after it. */
	onExit(exit: PtyExit): void;
}

export interface ChatRun extends Run {
	readonly conversation: Conversation;
}

export function startChatRun(options: ChatRunOptions): ChatRun {
	const { spec, env, kept, images, isMarked, log, logged, onState, onHint, onExit } = options;
	const { cwd, chat, mode, agentSessionId } = spec;
	let current: AgentProcess | null = null;
	let paused = false;
	let closed = false;
	let finished = false;
	let markEnded!: () => void;
	const ended = new Promise<void>((resolve) => (markEnded = resolve));
	const endings = new WeakMap<AgentProcess, Promise<unknown>>();
	/** Resolve once the end of a process was told. */
	const goodbyes = new WeakMap<AgentProcess, Promise<void>>();
	const familyOf = (process: AgentProcess): Family => ({ root: process, isMarked });

	/** Ends a process with all that it started. Done twice, the second could meet the process that took its place. */
	function endOnce(process: AgentProcess): Promise<unknown> {
		const ending = endings.get(process) ?? endFamily(familyOf(process), GRACE_MS);
		endings.set(process, ending);
		return ending;
	}

	const conversation = new Conversation({
		known: { agentSessionId, begun: mode === 'continue' && (kept.begun || agentSessionId !== null), queue: kept.queue },
		cwd,
		model: chat.model,
		permissionMode: chat.permissionMode,
		createAdapter: ADAPTERS[chat.wire],
		startProcess(processMode, listener) {
			const argv = processMode === 'fresh' ? spec.argv : chat.continueArgv;
			let markTold!: () => void;
			const process = start(argv, {
				...listener,
				onExit(exit) {
					// One that ends by itself may leave what it started, and nobody would see or stop that any more.
					const gone = closed ? Promise.resolve() : endOnce(process);
					void gone.finally(() => {
						if (current === process) current = null;
						listener.onExit(exit);
						markTold();
						if (closed && !current) finish(exit);
					});
				}
			});
			goodbyes.set(process, new Promise((resolve) => (markTold = resolve)));
			current = process;
			if (paused) process.pause();
			return process;
		},
		async endProcess(process) {
			await endOnce(process);
			await within(GOODBYE_MS, goodbyes.get(process) ?? Promise.resolve());
		},
		async watchChildren(process) {
			const before = new Set((await findFamily(familyOf(process))).map(identity));
			return {
				async end() {
					await endFamily({ ...familyOf(process), spared: before }, GRACE_MS);
				}
			};
		},
		log,
		logged,
		onState: (state) => onState(state, current),
		onHint,
		readImage: (image) => images.read(image),
		storeImage: (mimeType, data) => images.store(mimeType, data),
		now: () => Date.now()
	});

	function start(argv: string[], listener: ProcessListener): AgentProcess {
		// Looked for at each start: it may have been installed, or replaced, since the last one.
		const launch = checkLaunch({ argv, cwd }, env);
		if (!launch.ok) throw new AgentFault(failureOfLaunch(launch, chat.install));
		try {
			return startAgentProcess({ argv: launch.argv, env, cwd, ...listener });
		} catch (error) {
			throw new AgentFault({
				kind: 'other',
				message: `The agent could not be started: ${error instanceof Error ? error.message : String(error)}`,
				advice: null
			});
		}
	}

	function finish({ exitCode, signal }: PtyExit): void {
		if (finished) return;
		finished = true;
		onExit({ exitCode, signal });
		markEnded();
	}

	return {
		spec,
		conversation,
		ended,
		get pid() {
			return current?.pid ?? null;
		},
		get started() {
			return current?.started ?? '';
		},
		/** A chat has no keyboard. */
		input: () => false,
		resize: () => undefined,
		pause() {
			paused = true;
			current?.pause();
		},
		resume() {
			paused = false;
			current?.resume();
		},
		hook: () => undefined,
		close() {
			if (closed) return;
			closed = true;
			conversation.close();
			if (!current) finish({ exitCode: null, signal: null });
		}
	};
}

function failureOfLaunch({ exitCode, message }: { exitCode: number | null; message: string }, install: string | null) {
	// Only a program that can't be found or run has the exit code of a shell that could not.
	if (exitCode === null) return { kind: 'other' as const, message, advice: null };
	const advice = install && `Install it with \`${install}\`, then send the message again.`;
	return { kind: 'not_installed' as const, message, advice };
}
