/** A conversation with any agent that speaks the Agent Client Protocol, version 1. */
import { randomUUID } from 'node:crypto';
import type { PermissionMode } from '$lib/protocol/agent';
import type { AgentSession } from '$lib/protocol/chat';
import { AgentFault, type CreateAdapter, type OutgoingMessage, type TurnOutcome } from '../adapter';
import { createAsks } from '../asks';
import { createJsonRpcPeer, RpcError, type Outcome, type RpcId } from '../json-rpc';
import { createNonsense } from '../nonsense';
import { createQuiet } from '../quiet';
import { failureOfRpc } from './failure';
import { createMessages } from './messages';
import { isAllowedIn, STAND_INS } from './modes';
import { openSession, sayHello } from './open-session';
import { askPerson, CANCELLED } from './requests';
import { createSettings, type Change } from './settings';
import { createToolCalls } from './tool-calls';
import { createUpdates } from './updates';
import { createUsageMeter } from './usage';
import { PromptResult, SessionOpened, SessionUpdate, type Initialized } from './wire';

const CHANGE_MS = 30_000;
/** What is repeated of a loaded conversation may come after the answer, all of it at once. */
const REPLAY_QUIET_MS = 150;
const REPLAY_MAX_MS = 10_000;

interface Turn {
	readonly messageId: string;
	interrupted: boolean;
}

export const createAcpAdapter: CreateAdapter = (options) => {
	const { cwd, emit } = options;
	const nonsense = createNonsense(emit);
	const peer = createJsonRpcPeer({ write: options.write, onRequest, onNotification, onNonsense: nonsense.tell });
	const asks = createAsks(emit);
	const settings = createSettings();
	const usage = createUsageMeter();
	const replay = createQuiet(REPLAY_QUIET_MS, REPLAY_MAX_MS);
	let hello: Initialized | null = null;
	let sessionId: string | null = null;
	let commands: AgentSession['commands'] = [];
	/** Our mode that the agent has nothing like: its requests are answered accordingly. */
	let standIn: PermissionMode | null = null;
	let isReplaying = false;
	let turn: Turn | null = null;
	/** Of the turn that runs or ran last. */
	let turnId: string = randomUUID();
	let messageCount = 0;

	const messages = createMessages(() => `${turnId}/${++messageCount}`, emit);
	const calls = createToolCalls({
		cwd,
		turnId: () => turnId,
		isCancelling: () => turn?.interrupted ?? false,
		emit
	});
	const updates = createUpdates({
		messages,
		calls,
		settings,
		usage,
		isInTurn: () => turn !== null,
		emit,
		onCommands(available) {
			commands = available;
			tellSession();
		},
		onModeChange(modeId) {
			if (!settings.modeChanged(modeId)) return;
			standIn = null;
			tellSession();
		},
		onSettingsChange: tellSession
	});

	function tellSession(): void {
		// Until it is open as a whole, one word at the end is enough.
		if (sessionId === null || isReplaying) return;
		const known = settings.known();
		emit({
			type: 'session',
			session: {
				agentSessionId: sessionId,
				cwd,
				tools: [],
				commands,
				...known,
				permissionMode:
					standIn ?? known.permissionMode ?? (known.permissionModes.includes('default') ? 'default' : null)
			}
		});
	}

	async function apply({ method, params }: Change): Promise<void> {
		const answer = await peer.request(method, { sessionId, ...params }, CHANGE_MS).catch((error: unknown) => {
			throw error instanceof RpcError ? new AgentFault(failureOfRpc(error, hello?.authMethods)) : error;
		});
		const { data } = SessionOpened.safeParse(answer);
		if (data) settings.update(data);
	}

	async function toMode(mode: PermissionMode): Promise<void> {
		const change = settings.toMode(mode);
		if (change === null && STAND_INS.includes(mode)) {
			const base = settings.toMode('default');
			if (base && base !== 'current') await toMode('default');
			standIn = mode;
			return;
		}
		if (change === null && !settings.known().permissionModes.includes(mode)) {
			throw new AgentFault({
				kind: 'other',
				message: `This agent has no mode like "${mode}".`,
				advice: 'Choose another permission mode.'
			});
		}
		if (change && change !== 'current') {
			await apply(change);
			settings.modeChanged(change.value);
		}
		standIn = null;
	}

	async function toModel(model: string): Promise<void> {
		const change = settings.toModel(model);
		if (change === 'current') return;
		if (change === null) {
			throw new AgentFault({
				kind: 'wrong_model',
				message: 'This agent does not let its model be chosen here.',
				advice: 'Choose the model in the settings of the agent itself.'
			});
		}
		await apply(change);
		settings.modelChanged(model);
	}

	type Ending = TurnOutcome extends infer Each
		? Each extends unknown
			? Omit<Each, 'usage' | 'costUsd'>
			: never
		: never;

	function end(ending: Ending, result: ReturnType<typeof PromptResult.parse> | null): void {
		turn = null;
		messages.finish();
		asks.cancelAll();
		emit({ type: 'turn-ended', outcome: { ...ending, ...usage.used(result) } as TurnOutcome });
	}

	function prompted(current: Turn, outcome: Outcome): void {
		if (turn !== current) return;
		if ('error' in outcome) {
			if (current.interrupted) return end({ kind: 'cancelled' }, null);
			return end({ kind: 'failed', failure: failureOfRpc(outcome.error, hello?.authMethods) }, null);
		}
		const result = PromptResult.safeParse(outcome.result).data ?? null;
		if (result?.stopReason === 'cancelled') return end({ kind: 'cancelled' }, result);
		const text = result && STOPPED_EARLY[result.stopReason];
		if (text) emit({ type: 'notice', notice: { kind: 'warning', text } });
		end({ kind: 'completed' }, result);
	}

	function onRequest(method: string, params: unknown, id: RpcId): boolean {
		const respond = (result: unknown) => peer.respond(id, result);
		// Nobody will answer what is asked outside of a turn, or in one that is to stop.
		if (!turn || turn.interrupted) {
			if (method === 'session/request_permission') respond(CANCELLED);
			else if (method === 'elicitation/create') respond({ action: 'cancel' });
			else return false;
			return true;
		}
		messages.finish();
		return askPerson(method, params, {
			requestId: `${turnId}/ask/${id}`,
			asks,
			calls,
			isAllowed: ({ kind }) => standIn !== null && isAllowedIn(standIn, kind),
			respond
		});
	}

	function onNotification(method: string, params: unknown): void {
		if (method !== 'session/update') return;
		const { data } = SessionUpdate.safeParse(params);
		if (!data || (sessionId !== null && data.sessionId !== sessionId)) return;
		if (isReplaying) replay.disturb();
		updates.take(data.update, isReplaying);
	}

	return {
		async start() {
			hello = await sayHello(peer);
			const opened = await openSession(peer, hello, options, () => (isReplaying = true));
			sessionId = opened.sessionId;
			settings.update(opened.answer);
			if (opened.isReplayed) await replay.wait();
			if (options.model && settings.toModel(options.model) !== null) await toModel(options.model);
			else if (options.model) {
				emit({ type: 'notice', notice: { kind: 'warning', text: 'This agent has a model of its own choice.' } });
			}
			if (options.permissionMode !== 'default' || settings.toMode('default') !== null) {
				await toMode(options.permissionMode);
			}
			isReplaying = false;
			tellSession();
		},
		send({ messageId, text, images }: OutgoingMessage) {
			messages.finish();
			nonsense.forget();
			turnId = messageId;
			const current: Turn = { messageId, interrupted: false };
			turn = current;
			usage.beginTurn();
			const seesImages = hello?.agentCapabilities.promptCapabilities.image ?? false;
			if (images.length > 0 && !seesImages) {
				emit({
					type: 'notice',
					notice: { kind: 'warning', text: 'This agent takes no pictures: they were left out.' }
				});
			}
			const pictures = seesImages ? images.map(({ mimeType, data }) => ({ type: 'image', mimeType, data })) : [];
			const prompt = [...(text === '' && pictures.length > 0 ? [] : [{ type: 'text', text }]), ...pictures];
			peer.call('session/prompt', { sessionId, prompt }, (outcome) => prompted(current, outcome));
		},
		interrupt() {
			if (!turn || turn.interrupted) return;
			turn.interrupted = true;
			peer.notify('session/cancel', { sessionId });
			asks.cancelAll();
		},
		refusalOf: asks.refusalOf,
		answer: asks.answer,
		async setModel(model) {
			await toModel(model);
			tellSession();
		},
		async setPermissionMode(mode) {
			await toMode(mode);
			tellSession();
		},
		receive: nonsense.guard(peer.receive)
	};
};

const STOPPED_EARLY: Readonly<Record<string, string>> = {
	refusal: 'The agent refused to go on.',
	max_tokens: 'The answer reached the greatest length that the model allows.',
	max_turn_requests: 'The agent reached its limit of steps in one turn.'
};
