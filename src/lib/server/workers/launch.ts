/** From what a worker is to the process that the runner starts for it. */
import { v7 as uuid } from 'uuid';
import type { Prompt } from '$lib/protocol/chat';
import type { StartMode } from '$lib/protocol/event';
import type { LaunchSpec } from '$lib/protocol/runner-link';
import type { Worker } from '$lib/protocol/worker';
import { prepareChatLaunch } from '../agents/chat-launch';
import { prepareAgentLaunch } from '../agents/launch';
import type { ServerContext } from '../context';
import type { WorkerRow } from '../db/schema';
import { interactiveShell, userShell } from './user-shell';

/** How to start a worker, wherever and however large it will be. */
export type Launch = Omit<LaunchSpec, 'workerId' | 'cwd' | 'cols' | 'rows'>;

export interface LaunchWish {
	mode: StartMode;
	/** The conversation to continue, or the id that a new one is to get; null for any. */
	agentSessionId: string | null;
	prompt: Prompt | null;
}

export type Startable = Pick<WorkerRow, 'type' | 'interface' | 'agentId' | 'command' | 'model' | 'permissionMode'>;

/**
 * Decides on the program and its arguments. Starts nothing.
 * @throws CoppiceError `agent_not_found`, `unsupported`, `invalid`, `too_large`
 */
export async function prepareLaunch(
	{ agents, config }: Pick<ServerContext, 'agents' | 'config'>,
	{ type, interface: driven, agentId, command, model, permissionMode }: Startable,
	wish: LaunchWish
): Promise<Launch> {
	if (type === 'agent' && driven === 'chat') {
		const launch = await prepareChatLaunch({ agents }, agentId ?? '', { ...wish, model, permissionMode });
		return { ...launch, stateFrom: 'agent' };
	}
	if (type === 'agent') {
		const launch = await prepareAgentLaunch({ agents, config }, agentId ?? '', { ...wish, model, permissionMode });
		return { ...launch, stateFrom: 'agent' };
	}
	const plain = { env: {}, conversationId: { kind: 'unknown' as const }, agentSessionId: null };
	// A terminal has no conversation to go on with: its screen's history goes on in any case.
	if (command !== null) {
		return { ...plain, argv: [userShell(process.env), '-c', command], mode: 'fresh', stateFrom: 'process' };
	}
	return { ...plain, argv: interactiveShell(process.env, process.platform), mode: 'fresh', stateFrom: 'foreground' };
}

/**
 * Has the runner start a worker's process, ending the one it has.
 * @throws CoppiceError `runner_unavailable`
 */
export async function startProcess(
	{ runner }: Pick<ServerContext, 'runner'>,
	worker: Pick<Worker, 'id' | 'cols' | 'rows'>,
	cwd: string,
	launch: Launch
): Promise<void> {
	await runner.request({ type: 'start', commandId: uuid(), spec: specOf(worker, cwd, launch) });
}

export function specOf(
	{ id, cols, rows }: Pick<Worker, 'id' | 'cols' | 'rows'>,
	cwd: string,
	launch: Launch
): LaunchSpec {
	return { ...launch, workerId: id, cwd, cols, rows };
}
