/** The tool calls in a kept conversation of Codex. */
import { boundedOutput } from '$lib/agents/bounded-output';
import { diffOfChange } from '$lib/agents/codex-changes';
import { object, string, type Loose } from '$lib/agents/loose';
import { shownPath } from '$lib/agents/shown-path';
import type { ChatEvent, FileDiff, ToolCall } from '$lib/protocol/chat';

const COMMANDS = ['exec_command', 'shell', 'local_shell'];

/** A call as the model made it. */
export function called(toolCallId: string, name: string, input: Loose, cwd: string): ChatEvent {
	return {
		channel: 'agent:tool',
		type: 'call',
		payload: { toolCallId, name, ...described(name, input, cwd), status: 'running', input }
	};
}

function described(name: string, input: Loose, cwd: string): Pick<ToolCall, 'kind' | 'title' | 'locations'> {
	if (name === 'apply_patch') {
		const named = (string(input.input) ?? '').matchAll(/^\*\*\* (?:Add|Update|Delete) File: (.+)$/gm);
		const paths = [...named].map(([, path]) => shownPath(path!.trim(), cwd));
		return { kind: 'edit', title: paths.join(', ') || 'files', locations: paths.map((path) => ({ path })) };
	}
	const fields = [input.cmd, input.command, input.path, input.pattern, input.query, input.url];
	const title =
		fields
			.map((value) => (Array.isArray(value) ? value.at(-1) : value))
			.map(string)
			.find(Boolean) ?? name;
	return { kind: COMMANDS.includes(name) ? 'execute' : 'other', title: title.trim().split('\n', 1)[0]!.slice(0, 500) };
}

/** @param isInDiff whether what it did is told by a diff */
export function ended(toolCallId: string, text: string, isInDiff: boolean): ChatEvent {
	const exitCode = /^(?:Process exited with code|Exit code:) (\d+)$/m.exec(text)?.[1];
	const isError = exitCode !== undefined && exitCode !== '0';
	const output = isInDiff && !isError ? '' : boundedOutput(text.replace(/^[^]*?^Output:\n/m, ''));
	const status = isError ? ('failed' as const) : ('completed' as const);
	return { channel: 'agent:tool', type: 'result', payload: { toolCallId, status, ...(output !== '' && { output }) } };
}

/** @param changes by the path of each file */
export function diffsOf(changes: Loose, cwd: string): FileDiff[] {
	return Object.entries(changes).flatMap(([path, value]) => {
		const change = object(value);
		const text = string(change?.unified_diff) ?? string(change?.content);
		if (!change || text === undefined) return [];
		return [diffOfChange(string(change.move_path) ?? path, string(change.type) ?? 'update', text, cwd)];
	});
}
