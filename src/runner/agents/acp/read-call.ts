/** What an agent says of a tool call, in our words. */
import { diffTexts } from '$lib/agents/diff';
import { shownPath } from '$lib/agents/shown-path';
import type { FileDiff, ToolCall, ToolKind, ToolStatus } from '$lib/protocol/chat';
import { ToolKind as ToolKinds } from '$lib/protocol/chat';
import type { ToolCallUpdate } from './wire';

const STATUSES: Readonly<Record<string, ToolStatus>> = {
	pending: 'pending',
	in_progress: 'running',
	completed: 'completed',
	failed: 'failed',
	cancelled: 'cancelled'
};

/** Names of tools that start another agent, of which the protocol has no kind. */
const SUB_AGENTS = /^(task|agent)$/i;

/** The fields that it carries, without the output. */
export function readCall(update: ToolCallUpdate, cwd: string, ourId: (agentId: string) => string): Partial<ToolCall> {
	const { title, status, rawInput, content, locations, _meta } = update;
	const vendor = (_meta?.claudeCode ?? {}) as Record<string, unknown>;
	const name = update.name ?? (typeof vendor.toolName === 'string' ? vendor.toolName : null);
	const line = title?.trim().split('\n', 1)[0]?.trim();
	const diff = content?.flatMap((part) =>
		part.type === 'diff' ? [diffOf(shownPath(part.path, cwd), part.oldText ?? null, part.newText ?? null)] : []
	);
	const kind = name && SUB_AGENTS.test(name) ? ('task' as const) : kindOf(update.kind);
	const fields: Partial<ToolCall> = {};
	if (name) fields.name = name;
	if (kind) fields.kind = kind;
	if (line) fields.title = kind === 'execute' ? line : shownTitle(line, cwd);
	if (status && STATUSES[status]) fields.status = STATUSES[status];
	if (!isEmpty(rawInput)) fields.input = rawInput;
	// Some have no more of a command than its title, of which one line is shown.
	else if (kind === 'execute' && title && title.trim() !== line) fields.input = { command: title.trim() };
	if (diff && diff.length > 0) fields.diff = diff;
	if (locations && locations.length > 0) {
		fields.locations = locations.map(({ path, line: at }) => ({
			path: shownPath(path, cwd),
			...(typeof at === 'number' && { line: at })
		}));
	}
	if (typeof vendor.parentToolUseId === 'string') fields.parentId = ourId(vendor.parentToolUseId);
	return fields;
}

/** A title that is a file's path is shown as such; some leave out the first slash. */
function shownTitle(title: string, cwd: string): string {
	return `/${title}`.startsWith(`${cwd}/`) ? shownPath(`/${title}`, cwd) : shownPath(title, cwd);
}

/** Where both texts end without a line's end, they are fragments of a file. */
function diffOf(path: string, before: string | null, after: string | null): FileDiff {
	const isFragment = Boolean(before && after) && !before!.endsWith('\n') && !after!.endsWith('\n');
	return isFragment ? diffTexts(path, `${before}\n`, `${after}\n`) : diffTexts(path, before, after);
}

function kindOf(kind: string | null | undefined): ToolKind | undefined {
	if (!kind) return undefined;
	return ToolKinds.safeParse(kind).data ?? 'other';
}

function isEmpty(input: unknown): boolean {
	return input === undefined || input === null || (typeof input === 'object' && Object.keys(input).length === 0);
}

export function exitCodeOf({ rawOutput, _meta }: ToolCallUpdate): number | undefined {
	const raw = record(rawOutput);
	const candidates = [record(_meta?.terminal_exit).exit_code, record(raw.metadata).exit, raw.exit_code, raw.exitCode];
	return candidates.find((code): code is number => Number.isInteger(code));
}

/** Its output: `more` of it, or the `whole` as of now. */
export function textOfCall({ content, rawOutput, _meta }: ToolCallUpdate): { whole: string; more: string } {
	const more = record(_meta?.terminal_output_delta).data;
	if (typeof more === 'string') return { whole: '', more };
	const texts = (content ?? []).flatMap((part) =>
		part.type === 'content' && part.content.type === 'text' ? [withoutFence(part.content.text)] : []
	);
	const candidates = [record(_meta?.terminal_output).data, texts.join('\n'), rawOutput, record(rawOutput).output];
	const whole = candidates.find((text): text is string => typeof text === 'string' && text !== '');
	return { whole: whole ?? '', more: '' };
}

/** Output is shown as it is; some agents dress it as Markdown. */
function withoutFence(text: string): string {
	const [, inner] = /^```\w*\n([\s\S]*?)\n?```\s*$/.exec(text) ?? [];
	return inner !== undefined && !inner.includes('```') ? inner : text;
}

function record(value: unknown): Record<string, unknown> {
	return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
