/** A conversation with Codex through `codex app-server`. */
import { createUsageMeter } from '$lib/agents/codex-usage';
import { PermissionMode } from '$lib/protocol/agent';
import type { AgentSession } from '$lib/protocol/chat';
import { type CreateAdapter, type OutgoingMessage, type TurnOutcome } from '../adapter';
import { createAsks } from '../asks';
import { classifyFailure } from '../failure';
import { createJsonRpcPeer, type RpcId } from '../json-rpc';
import { createNonsense } from '../nonsense';
import { failureOfTurn } from './failure';
import { createItemEvents, idOf, type ItemPlace } from './item-events';
import { tellOfItem } from './item-notifications';
import { policyOf } from './modes';
import { noticeOf } from './notices';
import { openThread } from './open-thread';
import { decideOnPlan, planRequest } from './plan-approval';
import { askPerson } from './requests';
import * as wire from './wire';

/** One message's turn; when a plan is approved it goes on as another turn of Codex. */
interface Turn {
	readonly messageId: string;
	/** Codex's id of its turn, once known. */
	wireId: string | null;
	interrupted: boolean;
	plan: string | null;
	error: wire.TurnError | null;
	/** Codex is done, and a person is asked about its plan. */
	isOnPlan: boolean;
}

export const createCodexAdapter: CreateAdapter = (options) => {
	const { cwd, emit } = options;
	const asks = createAsks(emit);
	const items = createItemEvents({ cwd, emit });
	const usage = createUsageMeter({ isFresh: options.conversation.mode === 'fresh' });
	const nonsense = createNonsense(emit);
	const peer = createJsonRpcPeer({ write: options.write, onRequest, onNotification, onNonsense: nonsense.tell });
	let thread: { id: string; effort: string | null } | null = null;
	let session: Omit<AgentSession, 'agentSessionId'> = {
		model: options.model,
		cwd,
		tools: [],
		permissionMode: options.permissionMode,
		commands: [],
		models: [],
		permissionModes: [...PermissionMode.options]
	};
	/** What Codex was told last. */
	let told = { model: options.model, mode: options.permissionMode, collaborates: 'default' };
	let turn: Turn | null = null;
	/** Requests that are open on the wire. */
	const requestIds = new Map<RpcId, string>();
	/** The tool call by which each sub-agent was started. */
	const parents = new Map<string, string>();

	function change(fields: Partial<AgentSession>): void {
		session = { ...session, ...fields };
		if (thread) emit({ type: 'session', session: { agentSessionId: thread.id, ...session } });
	}

	function begin(current: Turn, input: readonly object[]): void {
		const mode = session.permissionMode ?? 'default';
		const { approvalPolicy, sandboxPolicy } = policyOf(mode);
		const collaborates = mode === 'plan' ? 'plan' : 'default';
		const settings = {
			model: session.model ?? '',
			reasoning_effort: thread?.effort ?? null,
			developer_instructions: null
		};
		current.wireId = null;
		current.plan = null;
		peer.call(
			'turn/start',
			{
				threadId: thread?.id,
				input,
				...(session.model !== told.model && { model: session.model }),
				...(mode !== told.mode && { approvalPolicy, sandboxPolicy }),
				...(collaborates !== told.collaborates &&
					session.model && { collaborationMode: { mode: collaborates, settings } })
			},
			(outcome) => {
				if (turn !== current) return;
				if ('error' in outcome) return end({ kind: 'failed', failure: classifyFailure(outcome.error.message) });
				const { data } = wire.TurnStarted.safeParse(outcome.result);
				if (data) named(current, data.turn.id);
			}
		);
		told = { model: session.model, mode, collaborates: session.model ? collaborates : told.collaborates };
	}

	/** The turn's id has come, and with it the way to stop it. */
	function named(current: Turn, wireId: string): void {
		if (current.wireId !== null) return;
		current.wireId = wireId;
		if (current.interrupted) stop(wireId);
	}

	function stop(turnId: string): void {
		peer.call('turn/interrupt', { threadId: thread?.id, turnId }, () => undefined);
	}

	type Ending = TurnOutcome extends infer Outcome ? (Outcome extends unknown ? Omit<Outcome, 'usage'> : never) : never;

	function end(ending: Ending): void {
		if (!turn) return;
		turn = null;
		items.endTurn();
		asks.cancelAll();
		requestIds.clear();
		emit({ type: 'turn-ended', outcome: { ...ending, usage: usage.used() } as TurnOutcome });
	}

	function completed(
		current: Turn,
		{ status, error }: { status: string; error?: wire.TurnError | null | undefined }
	): void {
		items.endTurn();
		asks.cancelAll();
		if (current.interrupted || status === 'interrupted') return end({ kind: 'cancelled' });
		if (status === 'failed') {
			const cause = error ?? current.error;
			return end({ kind: 'failed', failure: cause ? failureOfTurn(cause) : classifyFailure('') });
		}
		if (current.plan === null || session.permissionMode !== 'plan') return end({ kind: 'completed' });
		current.isOnPlan = true;
		const request = planRequest(`${current.messageId}/plan/${current.wireId}`, current.plan);
		asks.open(
			{ type: 'permission', request },
			{
				answer(answer) {
					const decision = decideOnPlan(answer);
					if (turn !== current) return;
					if (decision.kind === 'end') return end({ kind: 'completed' });
					current.isOnPlan = false;
					if (decision.kind === 'start') change({ permissionMode: decision.mode });
					begin(current, [textInput(decision.text)]);
				}
			}
		);
	}

	/** Where an item belongs; null when it is none of our conversation's. */
	function placeOf(params: unknown): ItemPlace | null {
		const { data } = wire.Place.safeParse(params);
		if (!data || !thread || !turn) return null;
		const parentId = data.threadId && data.threadId !== thread.id ? parents.get(data.threadId) : undefined;
		if (data.threadId && data.threadId !== thread.id && parentId === undefined) return null;
		return { turnId: data.turnId ?? turn.wireId ?? turn.messageId, parentId };
	}

	function onRequest(method: string, params: unknown, id: RpcId): boolean {
		const place = placeOf(params);
		const current = turn;
		// Nobody will answer what is asked outside of a turn, or in one that is to stop.
		if (!place || !current || current.interrupted || current.isOnPlan) return false;
		const requestId = `${place.turnId}/ask/${id}`;
		requestIds.set(id, requestId);
		return askPerson(method, params, {
			requestId,
			asks,
			describe: (itemId) => items.describe(itemId, place),
			respond(result) {
				requestIds.delete(id);
				peer.respond(id, result);
			},
			explain(reason) {
				const expectedTurnId = current.wireId;
				peer.call('turn/steer', { threadId: thread?.id, input: [textInput(reason)], expectedTurnId }, (outcome) => {
					if (!('error' in outcome)) return;
					emit({ type: 'notice', notice: { kind: 'warning', text: 'The reason did not reach the agent.' } });
				});
			},
			waits: (toolCallId, waits) => items.waits(toolCallId, waits)
		});
	}

	function onNotification(method: string, params: unknown): void {
		const notice = noticeOf(method, params);
		if (notice) return emit({ type: 'notice', notice });
		if (method === 'serverRequest/resolved') {
			const { data } = wire.RequestResolved.safeParse(params);
			const requestId = data && requestIds.get(data.requestId);
			return requestId === undefined ? undefined : asks.withdraw(requestId);
		}
		const place = placeOf(params);
		if (place) onTurn(method, params, place);
	}

	function onTurn(method: string, params: unknown, place: ItemPlace): void {
		const current = turn!;
		const isOurs = place.parentId === undefined;
		switch (method) {
			case 'turn/started': {
				const { data } = wire.TurnStarted.safeParse(params);
				return data && isOurs ? named(current, data.turn.id) : undefined;
			}
			case 'turn/completed': {
				const { data } = wire.TurnCompleted.safeParse(params);
				if (!data || !isOurs || current.isOnPlan) return;
				if (current.wireId === null || current.wireId === data.turn.id) completed(current, data.turn);
				return;
			}
			case 'error': {
				const { data } = wire.ErrorNotice.safeParse(params);
				if (data && isOurs) current.error = data.error;
				return;
			}
			case 'thread/tokenUsage/updated': {
				const { data } = wire.TokenUsage.safeParse(params);
				if (!data || !isOurs) return;
				const { total, last, modelContextWindow } = data.tokenUsage;
				if (place.turnId !== current.wireId) return usage.before(total);
				return usage.update(total, last, modelContextWindow);
			}
			case 'turn/plan/updated': {
				const { data } = wire.PlanUpdated.safeParse(params);
				if (data && isOurs) emit({ type: 'plan', plan: { entries: data.plan.map(planEntry) } });
				return;
			}
			default: {
				const told = tellOfItem(items, method, params, place);
				if (told?.item.type === 'collabAgentToolCall') {
					for (const threadId of told.item.receiverThreadIds) parents.set(threadId, idOf(told.item.id, place));
				}
				if (told?.isCompleted && told.item.type === 'plan' && isOurs) current.plan = told.item.text;
			}
		}
	}

	return {
		async start() {
			const opened = await openThread(peer, options);
			thread = { id: opened.threadId, effort: opened.effort };
			told = { ...told, model: opened.model };
			change({ model: opened.model, cwd: opened.cwd ?? cwd });
			// The choice of models is no reason to wait.
			peer.call('model/list', {}, (outcome) => {
				const { data } = wire.ModelList.safeParse('result' in outcome ? outcome.result : null);
				const models = data?.data.filter(({ hidden }) => !hidden) ?? [];
				if (models.length > 0) change({ models: models.map(agentModel) });
			});
		},
		send({ messageId, text, images }: OutgoingMessage) {
			nonsense.forget();
			turn = { messageId, wireId: null, interrupted: false, plan: null, error: null, isOnPlan: false };
			usage.beginTurn();
			const pictures = images.map(({ mimeType, data }) => ({ type: 'image', url: `data:${mimeType};base64,${data}` }));
			begin(turn, [...(text === '' ? [] : [textInput(text)]), ...pictures]);
		},
		interrupt() {
			if (!turn || turn.interrupted) return;
			turn.interrupted = true;
			asks.cancelAll();
			if (turn.isOnPlan) return end({ kind: 'cancelled' });
			if (turn.wireId !== null) stop(turn.wireId);
		},
		refusalOf: asks.refusalOf,
		answer: asks.answer,
		async setModel(model) {
			change({ model });
		},
		async setPermissionMode(permissionMode) {
			change({ permissionMode });
		},
		receive: nonsense.guard(peer.receive)
	};
};

const textInput = (text: string) => ({ type: 'text', text, text_elements: [] });

function planEntry({ step, status }: { step: string; status: string }) {
	const known = { completed: 'completed', inProgress: 'in_progress' } as const;
	return { content: step, status: known[status as keyof typeof known] ?? ('pending' as const) };
}

function agentModel({ model, displayName, description }: wire.ModelList['data'][number]) {
	return { id: model, name: displayName || model, ...(description && { description }) };
}
