/** The conversations of Codex as it keeps them: what the model was sent and answered, and events beside it. */
import type { ChatEvent } from '$lib/protocol/chat';
import { object, objects, parseLine, text, type Loose } from './loose';
import { called, ended, said, type KeptLine } from './transcript-events';

export function readCodexLine(line: Loose): KeptLine {
	const payload = object(line.payload);
	if (!payload) return { events: [] };
	switch (line.type) {
		case 'session_meta':
		case 'turn_context':
			return { cwd: text(payload.cwd) ?? undefined, events: [] };
		case 'event_msg':
			return { events: userMessage(payload, text(line.timestamp) ?? '') };
		case 'response_item':
			return { events: responseItem(payload) };
		default:
			return { events: [] };
	}
}

/** The model is sent more in the person's name than the person has said. */
function userMessage(payload: Loose, at: string): ChatEvent[] {
	const item = object(payload.item);
	if (payload.type === 'user_message') {
		const words = text(payload.message);
		return words === null ? [] : [said('user', `user ${at}`, words)];
	}
	if (payload.type !== 'item_completed' || item?.type !== 'UserMessage') return [];
	const words = wordsOf(item.content);
	return words === '' ? [] : [said('user', text(item.id) ?? `user ${at}`, words)];
}

function responseItem(item: Loose): ChatEvent[] {
	const id = text(item.id) ?? '';
	const callId = text(item.call_id) ?? id;
	switch (item.type) {
		case 'message': {
			const words = item.role === 'assistant' ? wordsOf(item.content) : '';
			return words === '' ? [] : [said('assistant', id, words)];
		}
		case 'reasoning': {
			const words = wordsOf(item.summary);
			return words === '' ? [] : [said('thinking', id, words)];
		}
		case 'function_call':
			return [called(callId, text(item.name) ?? 'tool', parseLine(text(item.arguments) ?? '') ?? {})];
		case 'custom_tool_call':
			return [called(callId, text(item.name) ?? 'tool', { input: text(item.input) ?? '' })];
		case 'function_call_output':
		case 'custom_tool_call_output': {
			const output = text(item.output) ?? text(object(item.output)?.content) ?? '';
			const exitCode = /^(?:Process exited with code|Exit code:) (\d+)$/m.exec(output)?.[1];
			return [ended(callId, output.replace(/^[^]*?^Output:\n/m, ''), exitCode !== undefined && exitCode !== '0')];
		}
		default:
			return [];
	}
}

function wordsOf(content: unknown): string {
	return objects(content)
		.map((part) => text(part.text) ?? '')
		.filter(Boolean)
		.join('\n');
}
