/** The conversations of Claude Code as it keeps them: a line for each message, and lines of many other kinds. */
import { outcomeOfTool, type KnownCall } from '$lib/agents/claude-results';
import { describeTool } from '$lib/agents/claude-tools';
import { contextOf, sumOf, usageOf } from '$lib/agents/claude-usage';
import { contentBlocks, object, string, textOf, type Loose } from '$lib/agents/loose';
import type { ChatEvent, TurnUsage } from '$lib/protocol/chat';
import { failed, PICTURE, said, type KeptLine, type LineReader } from './kept-line';

/** Written by the program in the person's name. */
const NOT_SAID =
	/^(<(command-(name|message|args)|local-command-(stdout|stderr|caveat)|system-reminder|task-notification)>|Caveat: )/;
const INTERRUPTED = /^\[Request interrupted by user/;

export function createClaudeReader(): LineReader {
	const calls = new Map<string, KnownCall>();
	/** Of the turn, by the messages of the API; each line of a message has it. */
	const used = new Map<string, Loose>();
	let cwd = '';

	return (line) => {
		const place = string(line.cwd) || undefined;
		cwd = place ?? cwd;
		const message = object(line.message);
		const isAside = line.isSidechain === true || line.isMeta === true || line.isCompactSummary === true;
		if (!message || isAside) return { cwd: place, events: [] };
		if (line.type === 'user') return { cwd: place, ...fromUser(line, message) };
		if (line.type === 'assistant') return { cwd: place, ...fromAgent(line, message) };
		return { cwd: place, events: [] };
	};

	/** What a person says, or what came of tool calls. */
	function fromUser(line: Loose, { content }: Loose): KeptLine {
		const blocks = contentBlocks(content);
		const events = blocks.flatMap((block) => (block.type === 'tool_result' ? result(block, line) : []));
		const words = blocks.flatMap(wordsOf).join('\n');
		if (INTERRUPTED.test(words)) return { events, turn: { end: { type: 'cancelled' } } };
		if (words === '') return { events };
		used.clear();
		return { events: [...events, said('user', string(line.uuid) ?? '', words)], turn: { begins: true } };
	}

	function result(block: Loose, line: Loose): ChatEvent[] {
		const toolCallId = string(block.tool_use_id);
		if (toolCallId === undefined) return [];
		const structured = { tool_use_result: line.toolUseResult };
		const call = calls.get(toolCallId);
		calls.delete(toolCallId);
		const { update } = outcomeOfTool(toolCallId, block, structured, call, { cwd, interrupted: false });
		const output = [update.output, ...picturesIn(block.content)].filter(Boolean).join('\n');
		return [{ channel: 'agent:tool', type: 'result', payload: { ...update, ...(output !== '' && { output }) } }];
	}

	function fromAgent(line: Loose, message: Loose): KeptLine {
		if (message.model === '<synthetic>') {
			return { events: [], ...(line.isApiErrorMessage === true && { turn: { end: failed(textOf(message.content)) } }) };
		}
		const id = string(line.uuid) ?? string(message.id) ?? '';
		const events = contentBlocks(message.content).flatMap((block, index) => shown(block, `${id}/${index}`));
		const usage = object(message.usage);
		if (!usage) return { events };
		used.set(string(message.id) ?? id, usage);
		return { events, turn: { usage: total(usage) } };
	}

	function shown(block: Loose, id: string): ChatEvent[] {
		switch (block.type) {
			case 'text':
				return string(block.text) ? [said('assistant', id, string(block.text)!)] : [];
			case 'thinking':
				return string(block.thinking) ? [said('thinking', id, string(block.thinking)!)] : [];
			case 'tool_use': {
				const toolCallId = string(block.id);
				if (toolCallId === undefined) return [];
				const name = string(block.name) ?? 'tool';
				const input = object(block.input) ?? {};
				calls.set(toolCallId, { name, input, parentId: undefined });
				const payload = { toolCallId, name, ...describeTool(name, input, cwd), status: 'running' as const, input };
				return [{ channel: 'agent:tool', type: 'call', payload }];
			}
			default:
				return [];
		}
	}

	function total(last: Loose): TurnUsage {
		return { ...sumOf([...used.values()].map(usageOf)), contextTokens: contextOf(last) };
	}
}

function picturesIn(content: unknown): string[] {
	return contentBlocks(content).flatMap(({ type }) => (type === 'image' ? [PICTURE] : []));
}

function wordsOf(block: Loose): string[] {
	if (block.type === 'image') return [PICTURE];
	const words = block.type === 'text' ? string(block.text) : undefined;
	return words && !NOT_SAID.test(words) ? [words] : [];
}
