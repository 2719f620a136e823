/** The run of an agent that is driven as a chat: a conversation, and the processes that it comes to need. */
import type { ChatEvent } from '$lib/protocol/chat';
import type { KeptChat } from '$lib/protocol/kept-chat';
import type { ChatLaunch, LaunchSpec } from '$lib/protocol/runner-link';
import { AgentFault } from '../agents/adapter';
import { ADAPTERS } from '../agents/adapters';
import type { PtyExit } from '../pty/pty';
import { checkLaunch } from '../supervise/check-launch';
import { endFamily, findFamily, identity, type Family } from '../supervise/end-processes';
import { startTimeOf } from '../supervise/process-table';
import type { Run } from '../supervise/run';
import { startAgentProcess, type AgentExit, type AgentProcess } from './agent-process';
import { Conversation, type ChatState } from './conversation';
import type { WorkerImages } from './images';

/** What an agent gets to end in once it was asked to. */
const GRACE_MS = 1000;

export interface ChatRunOptions {
	readonly spec: LaunchSpec & { chat: ChatLaunch };
	readonly env: Readonly<Record<string, string>>;
	readonly kept: KeptChat;
	readonly images: WorkerImages;
	/** Which processes are this worker's. */
	isMarked: Family['isMarked'];
	log(event: ChatEvent): void;
	/** `process` is the agent as it runs; null when none does. */
	onState(state: ChatState, process: { pid: number; started: string } | null): void;
	/** The run was ended from outside; nothing comes after it. */
	onExit(exit: PtyExit): void;
}

export interface ChatRun extends Run {
	readonly conversation: Conversation;
}

export function startChatRun(options: ChatRunOptions): ChatRun {
	const { spec, env, kept, images, isMarked, log, onState, onExit } = options;
	const { cwd, chat, mode, agentSessionId } = spec;
	let current: { process: AgentProcess; started: string } | null = null;
	let closed = false;
	let markEnded!: () => void;
	const ended = new Promise<void>((resolve) => (markEnded = resolve));
	const endings = new WeakMap<AgentProcess, Promise<unknown>>();
	const familyOf = (process: AgentProcess): Family => ({
		root: current?.process === process ? { pid: process.pid, started: current.started } : null,
		isMarked
	});

	/** Ends a process with all that it started. Done twice, the second could meet the process that took its place. */
	function endOnce(process: AgentProcess, graceMs: number): Promise<unknown> {
		const ending = endings.get(process) ?? endFamily(familyOf(process), graceMs);
		endings.set(process, ending);
		return ending;
	}

	const conversation = new Conversation({
		known: { agentSessionId, begun: mode === 'continue' && (kept.begun || agentSessionId !== null), queue: kept.queue },
		cwd,
		model: chat.model,
		permissionMode: chat.permissionMode,
		createAdapter: ADAPTERS[chat.wire],
		startProcess(processMode, { onLine, onExit: onProcessExit }) {
			const argv = processMode === 'fresh' ? spec.argv : chat.continueArgv;
			const process = start(argv, onLine, (exit) => {
				// One that ends by itself may leave what it started, and nobody would see or stop that any more.
				const gone = closed ? Promise.resolve() : endOnce(process, 0);
				void gone.finally(() => {
					if (current?.process === process) current = null;
					onProcessExit(exit);
					if (closed) finish(exit);
				});
			});
			current = { process, started: startTimeOf(process.pid) ?? '' };
			return process;
		},
		async endProcess(process) {
			await endOnce(process, GRACE_MS);
		},
		async watchChildren(process) {
			const before = new Set((await findFamily(familyOf(process))).map(identity));
			return {
				async end() {
					await endFamily({ ...familyOf(process), spared: before }, 0);
				}
			};
		},
		log,
		onState: (state) => onState(state, current && { pid: current.process.pid, started: current.started }),
		readImage: (image) => images.read(image),
		storeImage: (mimeType, data) => images.store(mimeType, data),
		now: () => Date.now()
	});

	function start(
		argv: string[],
		onLine: (line: string) => void,
		onProcessExit: (exit: AgentExit) => void
	): AgentProcess {
		// Looked for at each start: it may have been installed, or replaced, since the last one.
		const launch = checkLaunch({ argv, cwd }, env);
		if (!launch.ok) throw new AgentFault(failureOfLaunch(launch, chat.install));
		try {
			return startAgentProcess({ argv: launch.argv, env, cwd, onLine, onExit: onProcessExit });
		} catch (error) {
			throw new AgentFault({
				kind: 'other',
				message: `The agent could not be started: ${error instanceof Error ? error.message : String(error)}`,
				advice: null
			});
		}
	}

	function finish({ exitCode, signal }: PtyExit): void {
		onExit({ exitCode, signal });
		markEnded();
	}

	return {
		spec,
		conversation,
		ended,
		get pid() {
			return current?.process.pid ?? null;
		},
		get started() {
			return current?.started ?? '';
		},
		/** A chat has no keyboard. */
		input: () => false,
		resize: () => undefined,
		pause: () => current?.process.pause(),
		resume: () => current?.process.resume(),
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
