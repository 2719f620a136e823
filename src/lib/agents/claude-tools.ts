/** What the tools of Claude Code are for, in the words of a conversation. */
import type { FileDiff, ToolCall, ToolKind } from '$lib/protocol/chat';
import { diffTexts } from './diff';
import { shownPath } from './shown-path';
import { number, objects, string, type Loose } from './loose';

const MAX_TITLE_LENGTH = 500;

interface ToolWords {
	readonly kind: ToolKind;
	/** The field of the input that says best what it does. */
	readonly titleField?: string;
	readonly title?: string;
}

const TOOLS = new Map<string, ToolWords>([
	['Bash', { kind: 'execute', titleField: 'command' }],
	['PowerShell', { kind: 'execute', titleField: 'command' }],
	['BashOutput', { kind: 'execute', title: 'Read the output of a command' }],
	['TaskOutput', { kind: 'execute', title: 'Read the output of a command' }],
	['KillShell', { kind: 'execute', title: 'End a command' }],
	['TaskStop', { kind: 'execute', title: 'End a command' }],
	['Monitor', { kind: 'execute', titleField: 'description' }],
	['Read', { kind: 'read', titleField: 'file_path' }],
	['NotebookRead', { kind: 'read', titleField: 'notebook_path' }],
	['LS', { kind: 'read', titleField: 'path' }],
	['Write', { kind: 'edit', titleField: 'file_path' }],
	['Edit', { kind: 'edit', titleField: 'file_path' }],
	['MultiEdit', { kind: 'edit', titleField: 'file_path' }],
	['NotebookEdit', { kind: 'edit', titleField: 'notebook_path' }],
	['Grep', { kind: 'search', titleField: 'pattern' }],
	['Glob', { kind: 'search', titleField: 'pattern' }],
	['ToolSearch', { kind: 'search', titleField: 'query' }],
	['WebFetch', { kind: 'fetch', titleField: 'url' }],
	['WebSearch', { kind: 'fetch', titleField: 'query' }],
	['Task', { kind: 'task', titleField: 'description' }],
	['Agent', { kind: 'task', titleField: 'description' }],
	['Skill', { kind: 'other', titleField: 'skill' }],
	['TodoWrite', { kind: 'plan', title: 'Update the plan' }],
	['TaskCreate', { kind: 'plan', titleField: 'subject' }],
	['TaskUpdate', { kind: 'plan', title: 'Update the plan' }],
	['TaskList', { kind: 'plan', title: 'Look at the plan' }],
	['TaskGet', { kind: 'plan', title: 'Look at the plan' }],
	['EnterPlanMode', { kind: 'think', title: 'Plan before acting' }],
	['ExitPlanMode', { kind: 'think', title: 'Propose a plan' }],
	['AskUserQuestion', { kind: 'other', title: 'Ask a question' }]
]);

/** Where a tool that is not known says what it does. */
const TELLING_FIELDS = ['command', 'file_path', 'path', 'pattern', 'query', 'url', 'description', 'name', 'prompt'];

type ToolDescription = Pick<ToolCall, 'kind' | 'title' | 'locations'>;

export function describeTool(name: string, input: Loose, cwd: string): ToolDescription {
	const words = TOOLS.get(name) ?? { kind: 'other' };
	const file = string(input.file_path) ?? string(input.notebook_path);
	const told =
		words.title ??
		(words.titleField === undefined
			? TELLING_FIELDS.map((field) => string(input[field])).find(Boolean)
			: string(input[words.titleField]));
	const title = told && told === file ? shownPath(told, cwd) : told;
	const shown = readableName(name);
	return {
		kind: words.kind,
		title: oneLine(title ? (TOOLS.has(name) ? title : `${shown}: ${title}`) : shown),
		...(file !== undefined && { locations: [locationOf(file, input, cwd)] })
	};
}

/** `mcp__tracker__list_issues` is "tracker: list_issues". */
export function readableName(name: string): string {
	const [, server, tool] = /^mcp__(.+?)__(.+)$/.exec(name) ?? [];
	return server && tool ? `${server}: ${tool}` : name;
}

/** What an edit would change, before it is done. It is not known where in the file. */
export function intendedDiff(name: string, input: Loose, cwd: string): FileDiff[] | undefined {
	const file = string(input.file_path) ?? string(input.notebook_path);
	if (file === undefined) return undefined;
	const path = shownPath(file, cwd);
	switch (name) {
		case 'Write':
			return [diffTexts(path, null, string(input.content) ?? '')];
		case 'Edit':
			return [diffOfReplacement(path, input)];
		case 'MultiEdit':
			return objects(input.edits).map((edit) => diffOfReplacement(path, edit));
		case 'NotebookEdit':
			return [diffTexts(path, null, string(input.new_source) ?? '')];
		default:
			return undefined;
	}
}

/** Pieces of lines count as lines. */
function diffOfReplacement(path: string, input: Loose): FileDiff {
	const [before, after] = [input.old_string, input.new_string].map((text) => string(text) ?? '');
	const ended = (text = '') => (text === '' || text.endsWith('\n') ? text : `${text}\n`);
	return diffTexts(path, ended(before), ended(after));
}

function locationOf(file: string, input: Loose, cwd: string): { path: string; line?: number } {
	const line = number(input.offset);
	return { path: shownPath(file, cwd), ...(line !== undefined && Number.isInteger(line) && { line }) };
}

function oneLine(text: string): string {
	const line = text.replace(/\s+/g, ' ').trim();
	return line.length > MAX_TITLE_LENGTH ? `${line.slice(0, MAX_TITLE_LENGTH)}…` : line;
}
