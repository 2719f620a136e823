/** The conversations of Codex as it keeps them: what the model was sent and answered, and events beside it. */
import { createUsageMeter, type Breakdown } from '$lib/agents/codex-usage';
import { count, object, objects, string, type Loose } from '$lib/agents/loose';
import { parseObject } from '$lib/agents/parse-object';
import type { ChatEvent } from '$lib/protocol/chat';
import { called, diffsOf, ended } from './codex-calls';
import { failed, PICTURE, said, type KeptLine, type LineReader, type TurnSign } from './kept-line';

export function createCodexReader(): LineReader {
	const meter = createUsageMeter({ isFresh: true });
	/** Calls whose diff says more than their output. */
	const patched = new Set<string>();
	let cwd = '';
	/** A turn says where it begins; older versions did not. */
	let tellsTurns = false;

	return (line) => {
		const payload = object(line.payload);
		if (!payload) return { events: [] };
		switch (line.type) {
			case 'session_meta':
			case 'turn_context': {
				const place = string(payload.cwd) || undefined;
				cwd = place ?? cwd;
				return { cwd: place, events: [] };
			}
			case 'event_msg':
				return fromEvent(payload, string(line.timestamp) ?? '');
			case 'response_item':
				return { events: fromItem(payload) };
			default:
				return { events: [] };
		}
	};

	function fromEvent(event: Loose, at: string): KeptLine {
		const item = object(event.item);
		switch (event.type) {
			case 'user_message':
				return fromUser(`user ${at}`, string(event.message) ?? '', [
					...pictures(event.images),
					...pictures(event.local_images)
				]);
			case 'item_completed':
				if (item?.type === 'UserMessage') {
					const content = objects(item.content);
					const images = content.filter(({ type }) => type !== 'text').map(() => PICTURE);
					return fromUser(string(item.id) ?? `user ${at}`, wordsOf(content), images);
				}
				if (item?.type !== 'FileChange' || item.status !== 'completed') return { events: [] };
				return { events: changed(string(item.id), item.changes) };
			case 'patch_apply_end':
				return { events: event.success === false ? [] : changed(string(event.call_id), event.changes) };
			default:
				return { events: [], ...turnSign(event) };
		}
	}

	/** The model is sent more in the person's name than the person has said. */
	function fromUser(messageId: string, text: string, images: readonly string[]): KeptLine {
		const words = [text, ...images].filter(Boolean).join('\n');
		if (words === '') return { events: [] };
		return { events: [said('user', messageId, words)], turn: { begins: !tellsTurns } };
	}

	function changed(toolCallId: string | undefined, changes: unknown): ChatEvent[] {
		const diff = diffsOf(object(changes) ?? {}, cwd);
		if (toolCallId === undefined || diff.length === 0) return [];
		patched.add(toolCallId);
		return [{ channel: 'agent:tool', type: 'progress', payload: { toolCallId, diff } }];
	}

	function turnSign(event: Loose): { turn?: TurnSign } {
		switch (event.type) {
			case 'task_started':
				tellsTurns = true;
				meter.beginTurn();
				return { turn: { begins: true } };
			case 'token_count': {
				const info = object(event.info);
				if (!info) return {};
				const window = count(info.model_context_window) || null;
				meter.update(breakdown(info.total_token_usage), breakdown(info.last_token_usage), window);
				return { turn: { usage: meter.used() } };
			}
			case 'task_complete': {
				const error = object(event.error);
				return { turn: { end: error ? failed(string(error.message) ?? 'It failed.') : { type: 'completed' } } };
			}
			case 'turn_aborted':
				return { turn: { end: { type: 'cancelled' } } };
			default:
				return {};
		}
	}

	function fromItem(item: Loose): ChatEvent[] {
		const id = string(item.id) ?? '';
		const callId = string(item.call_id) ?? id;
		const name = string(item.name) ?? 'tool';
		switch (item.type) {
			case 'message': {
				const words = item.role === 'assistant' ? wordsOf(objects(item.content)) : '';
				return words === '' ? [] : [said('assistant', id, words)];
			}
			case 'reasoning': {
				const words = wordsOf(objects(item.summary));
				return words === '' ? [] : [said('thinking', id, words)];
			}
			case 'function_call':
				return [called(callId, name, parseObject(string(item.arguments) ?? '') ?? {}, cwd)];
			case 'custom_tool_call':
				return [called(callId, name, { input: string(item.input) ?? '' }, cwd)];
			case 'function_call_output':
			case 'custom_tool_call_output': {
				const output = string(item.output) ?? string(object(item.output)?.content) ?? '';
				return [ended(callId, output, patched.delete(callId))];
			}
			default:
				return [];
		}
	}
}

function breakdown(value: unknown): Breakdown {
	const tokens = object(value) ?? {};
	return {
		totalTokens: count(tokens.total_tokens),
		inputTokens: count(tokens.input_tokens),
		cachedInputTokens: count(tokens.cached_input_tokens),
		cacheWriteInputTokens: count(tokens.cache_write_input_tokens),
		outputTokens: count(tokens.output_tokens)
	};
}

function pictures(value: unknown): string[] {
	return Array.isArray(value) ? value.map(() => PICTURE) : [];
}

function wordsOf(content: readonly Loose[]): string {
	return content
		.map((part) => string(part.text) ?? '')
		.filter(Boolean)
		.join('\n');
}
