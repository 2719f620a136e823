/**
 * Claude Code by its stream of JSON lines (`-p --output-format stream-json --input-format stream-json`). One process stays up
 * over many turns. It may also begin a turn by itself, when something that it left running has ended.
 */
import { imageOf } from '$lib/agents/claude-results';
import { contextOf } from '$lib/agents/claude-usage';
import { contentBlocks, number, object, string, type Loose } from '$lib/agents/loose';
import { parseObject } from '$lib/agents/parse-object';
import { AgentFault, type CreateAdapter, type OutgoingMessage } from '../adapter';
import { createAsks } from '../asks';
import { classifyFailure } from '../failure';
import { createMessageWriter } from '../message-writer';
import { createNonsense } from '../nonsense';
import { ControlRefused, createControls } from './controls';
import { noticeOf } from './notices';
import { askingOf, readToolRequest } from './requests';
import { createSession } from './session';
import { createSpeech } from './speech';
import { createToolCalls } from './tool-calls';
import { added, contextWindowOf, failureOf, isResultOf, NOTHING, outcomeOf, spentIn } from './turn';

/** It may have much to load first. */
const HELLO_MS = 60_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface Turn {
	/** By which the agent names the message that began it; null when ours can't be one. */
	readonly uuid: string | null;
	interrupted: boolean;
}

export const createClaudeAdapter: CreateAdapter = (options) => {
	const { emit, cwd } = options;
	const write = (message: Loose) => options.write(JSON.stringify(message));
	const controls = createControls(write);
	const session = createSession(options, (told) => emit({ type: 'session', session: told }));
	const writer = createMessageWriter(emit);
	const speech = createSpeech(writer);
	const calls = createToolCalls(emit, cwd);
	const asks = createAsks(emit);
	const nonsense = createNonsense(emit);
	/** Ids of what runs in the background. */
	const background = new Set<string>();
	let failStart: ((fault: AgentFault) => void) | null = null;
	let turn: Turn | null = null;
	/** What turns took that nobody had asked for. */
	let unasked = NOTHING;
	let totalCostUsd = options.conversation.mode === 'fresh' ? 0 : undefined;
	let contextTokens: number | undefined;
	let contextWindow: number | undefined;
	let apiModel: string | undefined;

	function receive(text: string): void {
		const line = parseObject(text);
		if (!line) return nonsense.tell(text);
		switch (line.type) {
			case 'stream_event':
				return streamed(line);
			case 'assistant':
				return said(line);
			case 'user':
				return toolResults(line);
			case 'result':
				return ended(line);
			case 'control_request':
				return asked(line);
			case 'control_response':
				return controls.received(line);
			case 'control_cancel_request':
				return asks.withdraw(string(line.request_id) ?? '');
			case 'command_lifecycle':
				return lifecycle(line);
			case 'system':
			case 'rate_limit_event':
				return system(line);
			case 'conversation_reset':
				return session.idChanged(string(line.new_conversation_id) ?? '');
		}
	}

	function streamed(line: Loose): void {
		const event = object(line.event);
		if (!event) return;
		const parentId = string(line.parent_tool_use_id);
		const begunCall = speech.streamed(event, parentId);
		if (begunCall) calls.begun(begunCall, parentId);
		if (parentId === undefined) noteContext(object(event.message) ?? event);
	}

	/** @param message of the API, or what it says of one */
	function noteContext({ model, usage }: Loose): void {
		const tokens = contextOf(object(usage) ?? {});
		if (tokens > 0) contextTokens = tokens;
		apiModel = string(model) ?? apiModel;
	}

	function said(line: Loose): void {
		const message = object(line.message);
		const id = string(message?.id);
		// An error of the API comes in the turn's result as well.
		if (!message || id === undefined || isApiError(line, message)) return;
		const parentId = string(line.parent_tool_use_id);
		for (const block of contentBlocks(message.content)) {
			const messageId = speech.finished(id, block, parentId);
			if (string(block.type)?.endsWith('tool_use')) calls.called(block, parentId);
			const image = imageOf(block);
			if (image) emit({ type: 'image', messageId, ...image });
		}
	}

	function toolResults(line: Loose): void {
		if (line.isReplay === true) return;
		for (const block of contentBlocks(object(line.message)?.content)) {
			if (block.type !== 'tool_result') continue;
			calls.result(block, line, turn?.interrupted ?? false);
			speech.forget(string(block.tool_use_id) ?? '');
		}
	}

	function asked(line: Loose): void {
		const requestId = string(line.request_id);
		if (requestId === undefined) return;
		const isToolRequest = object(line.request)?.subtype === 'can_use_tool';
		const request = isToolRequest ? readToolRequest(line, calls.find, calls.planFile()) : null;
		if (!request) {
			// Without an answer it would wait for ever.
			const error = 'This client does not support the request.';
			return write({ type: 'control_response', response: { subtype: 'error', request_id: requestId, error } });
		}
		const { toolCallId } = request;
		const asking = askingOf(request, cwd);
		if (toolCallId !== undefined) calls.asked(toolCallId, true);
		asks.open(
			asking.type === 'permission'
				? { type: 'permission', request: asking.request }
				: { type: 'question', request: asking.request },
			{
				refusalOf: (answer) => (asking.type === 'permission' ? (asking.refusalOf?.(answer) ?? null) : null),
				answer(answer) {
					const response = asking.reply(answer);
					write({ type: 'control_response', response: { subtype: 'success', request_id: requestId, response } });
					if (toolCallId !== undefined && response.behavior === 'allow') calls.asked(toolCallId, false);
				},
				cancel() {
					// An interrupt ends it as well; a sub-agent in the background would wait beyond the turn's end.
					if (turn?.interrupted) return;
					const response = { behavior: 'deny', message: 'Nobody answered before the turn was over.' };
					write({ type: 'control_response', response: { subtype: 'success', request_id: requestId, response } });
				}
			}
		);
	}

	function system(line: Loose): void {
		const notice = noticeOf(line);
		switch (line.subtype) {
			case 'init':
				return session.began(line);
			case 'status':
				session.modeChanged(line.permissionMode);
				if (line.status !== 'compacting') return;
				return emit({ type: 'notice', notice: { kind: 'info', text: 'The agent is shortening the conversation.' } });
			case 'commands_changed':
				return session.commandsChanged(line.commands);
			case 'api_retry':
				// What it had begun to say it will say again.
				writer.finishAll();
				break;
			case 'compact_boundary':
				contextTokens = number(object(line.compact_metadata)?.post_tokens) ?? contextTokens;
				break;
			case 'task_started':
				if (line.is_backgrounded === true) background.add(string(line.task_id) ?? '');
				return;
			case 'task_notification': {
				const text = string(line.summary);
				if (!background.delete(string(line.task_id) ?? '') || !text) return;
				return emit({ type: 'notice', notice: { kind: 'info', text } });
			}
		}
		if (notice) emit({ type: 'notice', notice });
	}

	function ended(result: Loose): void {
		if (failStart) return failStart(new AgentFault(failureOf(result)));
		const spent = added(unasked, spentIn(result, totalCostUsd));
		totalCostUsd = number(result.total_cost_usd) ?? totalCostUsd;
		contextWindow = contextWindowOf(result, apiModel) ?? contextWindow;
		const context = {
			...(contextTokens !== undefined && { contextTokens: Math.round(contextTokens) }),
			...(contextWindow !== undefined && { contextWindow })
		};
		const outcome = outcomeOf(result, spent, context);
		writer.finishAll();
		if (!turn || !isResultOf(result, turn.uuid)) {
			unasked = spent;
			if (outcome.kind !== 'failed') return;
			return emit({ type: 'notice', notice: { kind: 'warning', text: outcome.failure.message } });
		}
		unasked = NOTHING;
		asks.cancelAll();
		turn = null;
		emit({ type: 'turn-ended', outcome });
	}

	function lifecycle(line: Loose): void {
		// It was stopped before it had begun, so that no result will come.
		if (line.state !== 'cancelled' || !turn || line.command_uuid !== turn.uuid) return;
		writer.finishAll();
		asks.cancelAll();
		turn = null;
		emit({ type: 'turn-ended', outcome: { kind: 'cancelled', usage: NOTHING.usage } });
	}

	return {
		async start() {
			const lost = new Promise<never>((_resolve, reject) => (failStart = reject));
			try {
				const initialize = { subtype: 'initialize', forwardSubagentText: true };
				await Promise.race([controls.request(initialize, session.initialized, HELLO_MS), lost]);
			} catch (error) {
				// Versions that do not know the request say later what they are.
				if (!(error instanceof ControlRefused)) throw error;
				session.initialized({});
			} finally {
				failStart = null;
			}
		},
		send(message) {
			const uuid = UUID.test(message.messageId) ? message.messageId : null;
			turn = { uuid, interrupted: false };
			nonsense.forget();
			write({
				type: 'user',
				message: { role: 'user', content: contentOf(message) },
				parent_tool_use_id: null,
				...(uuid !== null && { uuid })
			});
		},
		interrupt() {
			if (turn) turn.interrupted = true;
			asks.cancelAll();
			// A message that it has read and not yet begun with would survive a mere interrupt.
			controls.notify({ subtype: 'interrupt', cancel_queued: true });
		},
		refusalOf: asks.refusalOf,
		answer: asks.answer,
		async setModel(model) {
			await controls
				.request({ subtype: 'set_model', model }, (response) => session.modelChanged(model, string(response.model)))
				.catch(refused);
		},
		async setPermissionMode(mode) {
			await controls
				.request({ subtype: 'set_permission_mode', mode }, (response) => session.modeChanged(response.mode ?? mode))
				.catch(refused);
		},
		receive: nonsense.guard(receive)
	};
};

function isApiError(line: Loose, message: Loose): boolean {
	return line.is_api_error_message === true || (string(line.error) !== undefined && message.model === '<synthetic>');
}

function contentOf({ text, images }: OutgoingMessage): string | Loose[] {
	if (images.length === 0) return text;
	return [
		...(text.trim() === '' ? [] : [{ type: 'text', text }]),
		...images.map(({ mimeType, data }) => ({
			type: 'image',
			source: { type: 'base64', media_type: mimeType, data }
		}))
	];
}

/** @throws AgentFault */
function refused(error: unknown): never {
	if (!(error instanceof ControlRefused)) throw error;
	if (error.code === 'bypass_not_launched' || error.message.includes('--dangerously-skip-permissions')) {
		throw new AgentFault({
			kind: 'other',
			message: 'The agent lets its permissions be bypassed only when it was started so.',
			advice: 'Restart the worker in this mode.'
		});
	}
	throw new AgentFault(classifyFailure(error.message));
}
