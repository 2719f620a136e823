/** What came of a tool call, from the text for the model and, where there is one, the structured result beside it. */
import type { FileDiff, ToolStatus, ToolUpdate } from '$lib/protocol/chat';
import { boundedOutput } from './bounded-output';
import { diffOfHunks, diffTexts, type Hunk } from './diff';
import { shownPath } from './shown-path';
import { intendedDiff } from './claude-tools';
import { contentBlocks, number, object, objects, string, strings, textOf, type Loose } from './loose';

export interface KnownCall {
	readonly name: string;
	readonly input: Loose;
	readonly parentId: string | undefined;
}

interface ToolOutcome {
	readonly update: ToolUpdate;
	readonly images: readonly { mimeType: string; data: string }[];
}

/**
 * @param block of type `tool_result`
 * @param line the message that it stands in
 */
export function outcomeOfTool(
	toolCallId: string,
	block: Loose,
	line: Loose,
	call: KnownCall | undefined,
	{ cwd, interrupted }: { cwd: string; interrupted: boolean }
): ToolOutcome {
	const structured = object(line.tool_use_result);
	const status = statusOf(toolCallId, block, line, structured, interrupted);
	const diff = status === 'completed' ? diffOf(call, structured, cwd) : undefined;
	const exitCode = isShell(call) ? exitCodeOf(status, block, structured) : undefined;
	// What a file has become is in its diff, and who stopped a call knows that; the words beside it are for the model.
	const output = diff || status === 'cancelled' ? '' : outputOf(call, block, structured);
	return {
		update: {
			toolCallId,
			status,
			...(output !== '' && { output }),
			...(diff && { diff }),
			...(exitCode !== undefined && { exitCode })
		},
		images: contentBlocks(block.content).flatMap((item) => imageOf(item) ?? [])
	};
}

/** A picture given as base64. */
export function imageOf(block: Loose): { mimeType: string; data: string } | undefined {
	const source = object(block.source);
	const data = string(source?.data);
	const mimeType = string(source?.media_type);
	return block.type === 'image' && data && mimeType ? { mimeType, data } : undefined;
}

function statusOf(
	toolCallId: string,
	block: Loose,
	line: Loose,
	structured: Loose | undefined,
	interrupted: boolean
): ToolStatus {
	const meta = objects(line.tool_result_meta).find(({ id }) => id === toolCallId);
	const isRejected = object(meta?.permission_decision)?.decision === 'reject';
	if (structured?.interrupted === true) return 'cancelled';
	if (isRejected || meta?.non_execution_kind === 'user-rejected') return interrupted ? 'cancelled' : 'denied';
	return block.is_error === true ? 'failed' : 'completed';
}

function isShell(call: KnownCall | undefined): boolean {
	return call?.name === 'Bash' || call?.name === 'PowerShell';
}

const EXIT_CODE = /^(?:Error: )?Exit code (\d+)\n?/;

function exitCodeOf(status: ToolStatus, block: Loose, structured: Loose | undefined): number | undefined {
	if (status === 'failed') {
		const [, code] = EXIT_CODE.exec(textOf(block.content)) ?? [];
		return code === undefined ? undefined : Number(code);
	}
	return status === 'completed' && structured && structured.backgroundTaskId === undefined ? 0 : undefined;
}

function outputOf(call: KnownCall | undefined, block: Loose, structured: Loose | undefined): string {
	return boundedOutput(structured ? (wordsOf(call, structured) ?? wordsFor(block)) : wordsFor(block));
}

/** The words of a structured result, where it has better ones than those for the model. */
function wordsOf(call: KnownCall | undefined, structured: Loose): string | undefined {
	switch (call?.name) {
		case 'Bash':
		case 'PowerShell': {
			if (structured.backgroundTaskId !== undefined || string(structured.stdout) === undefined) return undefined;
			return [structured.stdout, structured.stderr].flatMap((text) => string(text) || []).join('\n');
		}
		case 'Read':
			return string(object(structured.file)?.content);
		case 'Task':
		case 'Agent':
			// Notes of the program itself come before the report.
			return textOf(objects(structured.content).slice(-1)) || undefined;
		case 'AskUserQuestion':
		case 'ExitPlanMode':
		case 'TodoWrite':
		case 'TaskCreate':
		case 'TaskUpdate':
			return '';
		default:
			return undefined;
	}
}

function wordsFor(block: Loose): string {
	const text = textOf(block.content);
	return text
		.replace(/^<tool_use_error>([\s\S]*)<\/tool_use_error>$/, '$1')
		.replace(block.is_error === true ? EXIT_CODE : /$^/, '');
}

function diffOf(call: KnownCall | undefined, structured: Loose | undefined, cwd: string): FileDiff[] | undefined {
	if (!structured) return call && intendedDiff(call.name, call.input, cwd);
	const file = string(structured.filePath) ?? string(structured.notebook_path);
	if (file === undefined) return undefined;
	const path = shownPath(file, cwd);
	const hunks = objects(structured.structuredPatch).flatMap((hunk) => hunkOf(hunk) ?? []);
	if (hunks.length > 0) return [diffOfHunks(path, hunks)];
	const before = string(structured.originalFile) ?? string(structured.original_file) ?? null;
	const after = string(structured.content) ?? string(structured.updated_file);
	return after === undefined ? undefined : [diffTexts(path, before, after)];
}

function hunkOf(hunk: Loose): Hunk | undefined {
	const oldStart = number(hunk.oldStart);
	const oldLines = number(hunk.oldLines);
	const newStart = number(hunk.newStart);
	const newLines = number(hunk.newLines);
	if (oldStart === undefined || oldLines === undefined || newStart === undefined || newLines === undefined) return;
	return { oldStart, oldLines, newStart, newLines, lines: strings(hunk.lines) };
}
