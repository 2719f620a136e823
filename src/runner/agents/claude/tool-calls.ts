/** The tool calls of the agent and its sub-agents, from their first sign to their result. */
import { outcomeOfTool, type KnownCall } from '$lib/agents/claude-results';
import { describeTool } from '$lib/agents/claude-tools';
import { object, string, type Loose } from '$lib/agents/loose';
import type { AgentEvent } from '../adapter';
import { createPlanKeeper } from './plan';

/** Calls without a result that are remembered; a call that was forgotten still gets its result, with fewer words. */
const MAX_OPEN_CALLS = 1000;

interface ToolCalls {
	/** A call has begun to be written; its input is not known yet. */
	begun(block: Loose, parentId: string | undefined): void;
	/** The call is complete. */
	called(block: Loose, parentId: string | undefined): void;
	/** It waits for a person, or no longer does. */
	asked(toolCallId: string, isOpen: boolean): void;
	/** @param line the message that the result stands in */
	result(block: Loose, line: Loose, interrupted: boolean): void;
	find(toolCallId: string): KnownCall | undefined;
	/** The plan that the agent has written to a file of its own, which it does before it asks for its approval. */
	planFile(): string | undefined;
}

export function createToolCalls(emit: (event: AgentEvent) => void, cwd: string): ToolCalls {
	const calls = new Map<string, KnownCall>();
	const planAfter = createPlanKeeper();
	let planFile: string | undefined;

	function remember(toolCallId: string, call: KnownCall): void {
		calls.set(toolCallId, call);
		if (calls.size > MAX_OPEN_CALLS) calls.delete(calls.keys().next().value!);
	}

	return {
		begun(block, parentId) {
			const toolCallId = string(block.id);
			const name = string(block.name);
			if (toolCallId === undefined || name === undefined || calls.has(toolCallId)) return;
			remember(toolCallId, { name, input: {}, parentId });
			const parent = parentId === undefined ? {} : { parentId };
			emit({
				type: 'tool-call',
				call: { toolCallId, ...parent, name, ...describeTool(name, {}, cwd), status: 'pending' }
			});
		},
		called(block, parentId) {
			const toolCallId = string(block.id);
			const name = string(block.name);
			if (toolCallId === undefined || name === undefined) return;
			const input = object(block.input) ?? {};
			const isKnown = calls.has(toolCallId);
			remember(toolCallId, { name, input, parentId });
			const described = { ...describeTool(name, input, cwd), input, status: 'running' as const };
			if (isKnown) return emit({ type: 'tool-progress', update: { toolCallId, ...described } });
			const parent = parentId === undefined ? {} : { parentId };
			emit({ type: 'tool-call', call: { toolCallId, ...parent, name, ...described } });
		},
		asked(toolCallId, isOpen) {
			if (!calls.has(toolCallId)) return;
			emit({ type: 'tool-progress', update: { toolCallId, status: isOpen ? 'pending' : 'running' } });
		},
		result(block, line, interrupted) {
			const toolCallId = string(block.tool_use_id);
			if (toolCallId === undefined) return;
			const call = calls.get(toolCallId);
			calls.delete(toolCallId);
			const { update, images } = outcomeOfTool(toolCallId, block, line, call, { cwd, interrupted });
			emit({ type: 'tool-result', update });
			images.forEach((image, index) => emit({ type: 'image', messageId: `${toolCallId}:image-${index}`, ...image }));
			if (!call || update.status !== 'completed') return;
			const structured = object(line.tool_use_result);
			planFile = planTextAfter(call, structured) ?? planFile;
			const plan = planAfter(call, structured);
			if (plan) emit({ type: 'plan', plan });
		},
		find: (toolCallId) => calls.get(toolCallId),
		planFile: () => planFile
	};
}

const PLAN_FILE = /\/plans\/[^/]+\.md$/;

function planTextAfter({ name, input }: KnownCall, structured: Loose | undefined): string | undefined {
	const path = string(input.file_path);
	if (path === undefined || !PLAN_FILE.test(path)) return undefined;
	if (name === 'Write') return string(input.content);
	const before = string(structured?.originalFile);
	const oldText = string(input.old_string);
	const newText = string(input.new_string);
	if (name !== 'Edit' || before === undefined || oldText === undefined || newText === undefined) return undefined;
	return input.replace_all === true
		? before.replaceAll(oldText, () => newText)
		: before.replace(oldText, () => newText);
}
