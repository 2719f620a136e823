import { AgentFault, type AdapterOptions } from '../adapter';
import { classifyFailure, failureOfKind } from '../failure';
import { RpcError, TIMED_OUT, type JsonRpcPeer } from '../json-rpc';
import { policyOf } from './modes';
import { Account, ThreadOpened } from './wire';

const HELLO_MS = 30_000;
/** A long conversation is read from disk. */
const OPEN_MS = 120_000;

interface Opened {
	readonly threadId: string;
	readonly model: string | null;
	readonly cwd: string | null;
	readonly effort: string | null;
}

/** Says hello and begins or continues the conversation. @throws AgentFault */
export async function openThread(
	peer: JsonRpcPeer,
	{
		cwd,
		model,
		permissionMode,
		conversation
	}: Pick<AdapterOptions, 'cwd' | 'model' | 'permissionMode' | 'conversation'>
): Promise<Opened> {
	const { approvalPolicy, sandbox } = policyOf(permissionMode);
	try {
		await peer.request(
			'initialize',
			{
				clientInfo: { name: 'coppice', title: 'Coppice', version: '0' },
				// For the planning mode of a turn.
				capabilities: { experimentalApi: true }
			},
			HELLO_MS
		);
		peer.notify('initialized');
		const account = Account.safeParse(await peer.request('account/read', {}, HELLO_MS).catch(() => null)).data;
		if (account?.requiresOpenaiAuth && !account.account) {
			const failure = failureOfKind('not_logged_in');
			throw new AgentFault({
				...failure,
				advice: 'Run `codex login` in a terminal on this machine, then send the message again.'
			});
		}
		const settings = {
			cwd,
			...(model && { model }),
			approvalPolicy,
			sandbox,
			// Else Codex asks its questions only while it plans.
			config: { 'features.default_mode_request_user_input': true, suppress_unstable_features_warning: true }
		};
		const { agentSessionId } = conversation;
		const isContinued = conversation.mode === 'continue' && agentSessionId !== null;
		const answer = isContinued
			? await peer.request('thread/resume', { threadId: agentSessionId, excludeTurns: true, ...settings }, OPEN_MS)
			: await peer.request('thread/start', settings, OPEN_MS);
		const { success, data } = ThreadOpened.safeParse(answer);
		if (!success) throw new RpcError(0, 'The agent answered in a way that is not understood.');
		return {
			threadId: data.thread.id,
			model: data.model ?? null,
			cwd: data.cwd ?? null,
			effort: data.reasoningEffort ?? null
		};
	} catch (error) {
		if (error instanceof RpcError) throw new AgentFault(failureOfOpening(error));
		throw error;
	}
}

function failureOfOpening({ code, message }: RpcError) {
	if (code === TIMED_OUT)
		return { kind: 'other' as const, message, advice: 'Send the message again to start the agent anew.' };
	if (/invalid session id|no rollout|thread not found/i.test(message))
		return failureOfKind('conversation_lost', message);
	return classifyFailure(message);
}
