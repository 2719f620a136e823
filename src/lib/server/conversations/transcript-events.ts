import type { ChatEvent, ToolKind } from '$lib/protocol/chat';
import type { Loose } from './loose';
import { text } from './loose';

/** What one line of a kept conversation says. */
export interface KeptLine {
	/** The folder that the agent works in. */
	readonly cwd?: string;
	readonly events: readonly ChatEvent[];
}

/** Characters of a tool's output that are shown of a conversation that was led elsewhere. */
const MAX_OUTPUT = 20_000;

export function said(type: 'user' | 'assistant' | 'thinking', messageId: string, words: string): ChatEvent {
	return { channel: 'agent:message', type, payload: { messageId, blocks: [{ type: 'text', text: words }] } };
}

export function called(toolCallId: string, name: string, input: Loose): ChatEvent {
	const [kind, titleFields] = TOOLS[name] ?? [
		'other',
		['command', 'cmd', 'file_path', 'path', 'pattern', 'url', 'query']
	];
	const title = titleFields.map((field) => text(input[field])).find((found) => found !== null) ?? name;
	const oneLine = title.split('\n')[0]!.slice(0, 500);
	return {
		channel: 'agent:tool',
		type: 'call',
		payload: { toolCallId, name, kind, title: oneLine, status: 'running', input }
	};
}

export function ended(toolCallId: string, output: string, isError: boolean): ChatEvent {
	const shown = output.length > MAX_OUTPUT ? `${output.slice(0, MAX_OUTPUT)}\n…` : output;
	return {
		channel: 'agent:tool',
		type: 'result',
		payload: { toolCallId, status: isError ? 'failed' : 'completed', ...(shown && { output: shown }) }
	};
}

/** What the agents' own tools do, and where their arguments say to what. */
const TOOLS: Partial<Record<string, [ToolKind, string[]]>> = {
	Bash: ['execute', ['command']],
	exec_command: ['execute', ['cmd', 'command']],
	shell: ['execute', ['command']],
	Read: ['read', ['file_path']],
	Edit: ['edit', ['file_path']],
	MultiEdit: ['edit', ['file_path']],
	Write: ['edit', ['file_path']],
	NotebookEdit: ['edit', ['notebook_path']],
	apply_patch: ['edit', ['path']],
	Grep: ['search', ['pattern']],
	Glob: ['search', ['pattern']],
	WebFetch: ['fetch', ['url']],
	WebSearch: ['fetch', ['query']],
	Task: ['task', ['description']],
	Agent: ['task', ['description']]
};
