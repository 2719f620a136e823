/** The items of a Codex turn as tool calls. */
import { diffOfChange } from '$lib/agents/codex-changes';
import { shownPath } from '$lib/agents/shown-path';
import type { FileDiff, ToolCall, ToolKind, ToolStatus } from '$lib/protocol/chat';
import type { FileChange, Item } from './wire';

/** What is known of a call, its output as a whole. */
export type Described = Omit<ToolCall, 'toolCallId' | 'parentId'>;

/** Null for what is no tool call. */
export function describeItem(item: Item, cwd: string): Described | null {
	switch (item.type) {
		case 'commandExecution': {
			const command = plainCommand(item.command);
			const paths = item.commandActions.flatMap(({ path }) => (path === null || path === undefined ? [] : [path]));
			return {
				name: 'shell',
				kind: kindOfCommand(item.commandActions.map(({ type }) => type)),
				title: firstLine(command),
				status: statusOf(item.status),
				input: { command, ...(item.cwd && { cwd: item.cwd }) },
				...(item.aggregatedOutput !== null && item.aggregatedOutput !== undefined && { output: item.aggregatedOutput }),
				...(paths.length > 0 && { locations: paths.map((path) => ({ path: shownPath(path, cwd) })) }),
				...(typeof item.exitCode === 'number' && { exitCode: item.exitCode })
			};
		}
		case 'fileChange': {
			const paths = item.changes.map(({ path }) => shownPath(path, cwd));
			return {
				name: 'apply_patch',
				kind: kindOfChanges(item.changes),
				title: paths.join(', ') || 'files',
				status: statusOf(item.status),
				diff: item.changes.map((change) => diffOf(change, cwd)),
				locations: paths.map((path) => ({ path }))
			};
		}
		case 'mcpToolCall': {
			const output = item.error?.message ?? textOf(item.result?.content ?? []);
			return {
				name: `${item.server}.${item.tool}`,
				kind: 'other',
				title: `${item.server}: ${item.tool}`,
				status: statusOf(item.status),
				...(item.arguments !== undefined && { input: item.arguments }),
				...(output !== '' && { output })
			};
		}
		case 'dynamicToolCall': {
			const output = textOf(item.contentItems ?? []);
			return {
				name: item.tool,
				kind: 'other',
				title: item.tool,
				status: statusOf(item.status),
				...(item.arguments !== undefined && { input: item.arguments }),
				...(output !== '' && { output })
			};
		}
		case 'collabAgentToolCall':
			return {
				name: item.tool,
				kind: 'task',
				title: firstLine(item.prompt ?? '') || item.tool,
				status: statusOf(item.status),
				...(item.prompt && { input: { prompt: item.prompt } })
			};
		case 'webSearch':
			return {
				name: 'web_search',
				kind: 'fetch',
				title: item.query || webTarget(item.action) || 'the web',
				status: 'running',
				...(item.action && { input: item.action })
			};
		case 'imageView': {
			const path = shownPath(item.path, cwd);
			return { name: 'view_image', kind: 'read', title: path, status: 'running', locations: [{ path }] };
		}
		case 'agentMessage':
		case 'plan':
		case 'reasoning':
		case 'imageGeneration':
		case 'contextCompaction':
			return null;
	}
}

function statusOf(status: string): ToolStatus {
	switch (status) {
		case 'completed':
			return 'completed';
		case 'failed':
			return 'failed';
		case 'declined':
			return 'denied';
		case 'interrupted':
			return 'cancelled';
		default:
			return 'running';
	}
}

function kindOfCommand(actions: readonly string[]): ToolKind {
	if (actions.length === 0) return 'execute';
	if (actions.every((type) => type === 'read')) return 'read';
	if (actions.every((type) => type === 'search' || type === 'listFiles')) return 'search';
	return 'execute';
}

function kindOfChanges(changes: readonly FileChange[]): ToolKind {
	const isAll = (test: (change: FileChange) => boolean) => changes.length > 0 && changes.every(test);
	if (isAll(({ kind }) => kind.type === 'delete')) return 'delete';
	if (isAll(({ kind, diff }) => Boolean(kind.move_path) && diff === '')) return 'move';
	return 'edit';
}

function diffOf({ path, kind, diff }: FileChange, cwd: string): FileDiff {
	return diffOfChange(kind.move_path ?? path, kind.type, diff, cwd);
}

/** The command that a person would type: Codex runs each by a login shell. */
export function plainCommand(command: string): string {
	const [, quote, inner] = /^\S*\b(?:ba|z|da|k)?sh -l?c (['"])([\s\S]*)\1$/.exec(command) ?? [];
	if (inner === undefined) return command.replace(/^\S*\b(?:ba|z|da|k)?sh -l?c (?=\S+$)/, '');
	return quote === '"' ? inner.replace(/\\(["\\$`])/g, '$1') : inner.replace(/'"'"'|'\\''/g, "'");
}

export const firstLine = (text: string) => text.trim().split('\n', 1)[0]!.trim();

function webTarget(action: Record<string, unknown> | null | undefined): string {
	const [target] = [action?.query, action?.url, action?.pattern].filter((value) => typeof value === 'string');
	return target ?? '';
}

/** The text in the content of a tool's result. */
function textOf(content: readonly unknown[]): string {
	return content
		.flatMap((part) => {
			if (typeof part !== 'object' || part === null) return [];
			const { text } = part as { text?: unknown };
			return typeof text === 'string' ? [text] : [];
		})
		.join('\n');
}

/** The pictures in the content of a tool's result, or in an item that is one. */
export function imagesOf(item: Item): { mimeType: string; data: string }[] {
	if (item.type === 'imageGeneration') return item.result ? [{ mimeType: 'image/png', data: item.result }] : [];
	const content =
		item.type === 'mcpToolCall'
			? (item.result?.content ?? [])
			: item.type === 'dynamicToolCall'
				? (item.contentItems ?? [])
				: [];
	return content.flatMap((part) => {
		const { type, data, mimeType, imageUrl } = (part ?? {}) as Record<string, unknown>;
		if (type === 'image' && typeof data === 'string' && typeof mimeType === 'string') return [{ mimeType, data }];
		const [, urlType, urlData] =
			/^data:(image\/[\w.+-]+);base64,(.+)$/.exec(typeof imageUrl === 'string' ? imageUrl : '') ?? [];
		return urlType && urlData ? [{ mimeType: urlType, data: urlData }] : [];
	});
}
