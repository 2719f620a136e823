import { AgentFault, type AdapterOptions } from '../adapter';
import { failureOfKind } from '../failure';
import { RpcError, type JsonRpcPeer } from '../json-rpc';
import { failureOfContinuing, failureOfRpc } from './failure';
import { Initialized, SessionOpened } from './wire';

const PROTOCOL_VERSION = 1;
/** Some are slow to wake up. */
const HELLO_MS = 60_000;
const OPEN_MS = 120_000;

export interface Opened {
	readonly sessionId: string;
	readonly answer: SessionOpened;
	/** The agent tells all that was said before, which may go on after its answer. */
	readonly isReplayed: boolean;
}

/** @throws AgentFault */
export async function sayHello(peer: JsonRpcPeer): Promise<Initialized> {
	const said = await peer
		.request(
			'initialize',
			{
				protocolVersion: PROTOCOL_VERSION,
				// Agents read and write files and run commands themselves.
				clientCapabilities: {
					fs: { readTextFile: false, writeTextFile: false },
					terminal: false,
					elicitation: { form: {} }
				},
				clientInfo: { name: 'coppice', title: 'Coppice', version: '0' }
			},
			HELLO_MS
		)
		.catch((error: unknown) => refuse(error, failureOfRpc));
	const { success, data } = Initialized.safeParse(said);
	if (!success || data.protocolVersion !== PROTOCOL_VERSION) {
		throw new AgentFault({
			kind: 'other',
			message: `The agent speaks ${success ? `version ${data.protocolVersion} of the Agent Client Protocol` : 'another protocol'}, not version ${PROTOCOL_VERSION}.`,
			advice: 'Install a version of the agent that speaks the Agent Client Protocol.'
		});
	}
	return data;
}

/** Begins or continues the conversation; `onReplay` is told before an agent that repeats what was said is asked to. @throws AgentFault */
export async function openSession(
	peer: JsonRpcPeer,
	{ agentCapabilities, authMethods }: Initialized,
	{ cwd, conversation }: Pick<AdapterOptions, 'cwd' | 'conversation'>,
	onReplay: () => void
): Promise<Opened> {
	const { mode, agentSessionId } = conversation;
	const place = { cwd, mcpServers: [] };
	if (mode === 'fresh' || agentSessionId === null) {
		const answer = await peer
			.request('session/new', place, OPEN_MS)
			.catch((error: unknown) => refuse(error, (fault) => failureOfRpc(fault, authMethods)));
		const opened = read(answer);
		if (!opened.sessionId) throw notUnderstood();
		return { sessionId: opened.sessionId, answer: opened, isReplayed: false };
	}
	const method = agentCapabilities.sessionCapabilities.resume
		? 'session/resume'
		: agentCapabilities.loadSession
			? 'session/load'
			: null;
	if (!method) throw new AgentFault(failureOfKind('conversation_lost', 'It can not continue a conversation.'));
	const isReplayed = method === 'session/load';
	if (isReplayed) onReplay();
	const answer = await peer
		.request(method, { sessionId: agentSessionId, ...place }, OPEN_MS)
		.catch((error: unknown) => refuse(error, (fault) => failureOfContinuing(fault, authMethods)));
	return { sessionId: agentSessionId, answer: read(answer ?? {}), isReplayed };
}

function read(answer: unknown): SessionOpened {
	const { success, data } = SessionOpened.safeParse(answer);
	if (!success) throw notUnderstood();
	return data;
}

function refuse(error: unknown, failureOf: (fault: RpcError) => AgentFault['failure']): never {
	throw error instanceof RpcError ? new AgentFault(failureOf(error)) : error;
}

function notUnderstood(): AgentFault {
	return new AgentFault({
		kind: 'other',
		message: 'The agent answered in a way that is not understood.',
		advice: null
	});
}
