/** The conversations of Claude Code as it keeps them: a line for each message, and lines of many other kinds. */
import type { ChatEvent } from '$lib/protocol/chat';
import { object, objects, text, type Loose } from './loose';
import { called, ended, said, type KeptLine } from './transcript-events';

/** Written by the program in the person's name. */
const NOT_SAID =
	/^(<(command-(name|message|args)|local-command-(stdout|stderr|caveat)|system-reminder|task-notification)>|Caveat: )/;

export function readClaudeLine(line: Loose): KeptLine {
	const cwd = text(line.cwd) ?? undefined;
	const message = object(line.message);
	const isAside = line.isSidechain === true || line.isMeta === true || line.isCompactSummary === true;
	if (!message || isAside || (line.type !== 'user' && line.type !== 'assistant')) return { cwd, events: [] };
	const id = text(line.uuid) ?? text(message.id) ?? '';
	const blocks =
		typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : objects(message.content);
	const events = blocks.flatMap((block, index) => eventOf(line.type === 'user', block, `${id}/${index}`) ?? []);
	return { cwd, events };
}

function eventOf(isUser: boolean, block: Loose, id: string): ChatEvent | null {
	const words = text(block.text);
	switch (block.type) {
		case 'text':
			return words === null || (isUser && NOT_SAID.test(words)) ? null : said(isUser ? 'user' : 'assistant', id, words);
		case 'image':
			return said('user', id, '[image]');
		case 'thinking': {
			const thought = text(block.thinking);
			return thought === null ? null : said('thinking', id, thought);
		}
		case 'tool_use': {
			const callId = text(block.id);
			return callId === null ? null : called(callId, text(block.name) ?? 'tool', object(block.input) ?? {});
		}
		case 'tool_result': {
			const callId = text(block.tool_use_id);
			return callId === null ? null : ended(callId, outputOf(block.content), block.is_error === true);
		}
		default:
			return null;
	}
}

function outputOf(content: unknown): string {
	if (typeof content === 'string') return content;
	return objects(content)
		.map((block) => text(block.text) ?? '')
		.join('\n');
}
