/**
 * Tool calls by the agent's ids. Whatever speaks of a call first announces it, be it the call, an update or a request for
 * permission; later words change only what they carry.
 */
import type { FileDiff, ToolCall, ToolUpdate } from '$lib/protocol/chat';
import type { AgentEvent } from '../adapter';
import { createCallOutput, type CallOutput } from '../call-output';
import { changedFields } from '../changed-fields';
import { exitCodeOf, readCall, textOfCall } from './read-call';
import type { ToolCallUpdate } from './wire';

/** Calls that are remembered: an agent may say another word about one that is over. */
const MAX_KNOWN = 200;

interface Known {
	readonly turnId: string;
	call: ToolCall;
	readonly output: CallOutput;
	/** Its output comes piece by piece. */
	isStreamed: boolean;
	isDenied: boolean;
	isOver: boolean;
}

export interface AcpToolCalls {
	upsert(update: ToolCallUpdate, isNew?: boolean): ToolCall;
	has(agentId: string): boolean;
	/** Its id in the log. */
	idOf(agentId: string): string;
	/** A person allowed it. */
	allowed(agentId: string): void;
	/** A person said no: its failure is a denial. */
	denied(agentId: string): void;
}

interface ToolCallsOptions {
	readonly cwd: string;
	/** Makes ids unique: an agent may number its calls from one in each turn. */
	turnId(): string;
	isCancelling(): boolean;
	emit(event: AgentEvent): void;
}

export function createToolCalls({ cwd, turnId, isCancelling, emit }: ToolCallsOptions): AcpToolCalls {
	const calls = new Map<string, Known>();
	const ourId = (agentId: string) => calls.get(agentId)?.call.toolCallId ?? `${turnId()}/${agentId}`;

	function remember(agentId: string, known: Known): void {
		calls.set(agentId, known);
		if (calls.size <= MAX_KNOWN) return;
		const [oldest] = [...calls].find(([, { isOver }]) => isOver) ?? [...calls][0]!;
		calls.delete(oldest);
	}

	function announce(update: ToolCallUpdate): Known {
		const fields = readCall(update, cwd, ourId);
		const name = fields.name ?? (/^[\w:-]+$/.test(fields.title ?? '') ? fields.title! : (fields.kind ?? 'tool'));
		const status = fields.status === 'pending' ? 'pending' : 'running';
		const call: ToolCall = {
			kind: 'other',
			title: name,
			...fields,
			toolCallId: ourId(update.toolCallId),
			name,
			status
		};
		const known = {
			turnId: turnId(),
			call,
			output: createCallOutput(),
			isStreamed: false,
			isDenied: false,
			isOver: false
		};
		remember(update.toolCallId, known);
		emit({ type: 'tool-call', call });
		return known;
	}

	function upsert(update: ToolCallUpdate, isNew = false): ToolCall {
		let known = calls.get(update.toolCallId);
		if (known && isNew && known.isOver && known.turnId !== turnId()) {
			calls.delete(update.toolCallId);
			known = undefined;
		}
		known ??= announce(update);
		const fields = readCall(update, cwd, ourId);
		if (known.isDenied) delete fields.status;
		else if (fields.status === 'failed' && isCancelling()) fields.status = 'cancelled';
		const isOver = known.isOver || ['completed', 'failed', 'denied', 'cancelled'].includes(fields.status ?? '');
		if (fields.diff && known.call.diff && saysLess(fields.diff, known.call.diff)) delete fields.diff;
		const exitCode = exitCodeOf(update);
		if (exitCode !== undefined) fields.exitCode = exitCode;
		const news = { ...changedFields(known.call, fields), ...newOutput(known, update, isOver) };
		const { wholeOutput: _wholeOutput, output: _output, ...lasting } = news;
		known.call = { ...known.call, ...lasting };
		const isEnding = isOver && !known.isOver;
		known.isOver = isOver;
		const { toolCallId } = known.call;
		if (Object.keys(news).length > 0) {
			emit({ type: isOver ? 'tool-result' : 'tool-progress', update: { toolCallId, ...news } });
		}
		if (isEnding) {
			for (const part of update.content ?? []) {
				if (part.type !== 'content' || part.content.type !== 'image') continue;
				const { mimeType, data } = part.content;
				emit({ type: 'image', messageId: toolCallId, mimeType, data });
			}
		}
		return known.call;
	}

	return {
		upsert,
		has: (agentId) => calls.has(agentId),
		idOf: ourId,
		allowed(agentId) {
			const known = calls.get(agentId);
			if (!known || known.isOver || known.call.status === 'running') return;
			known.call = { ...known.call, status: 'running' };
			emit({ type: 'tool-progress', update: { toolCallId: known.call.toolCallId, status: 'running' } });
		},
		denied(agentId) {
			const known = calls.get(agentId);
			if (!known || known.isOver) return;
			known.isDenied = known.isOver = true;
			known.call = { ...known.call, status: 'denied' };
			// Not every agent says another word about it.
			emit({ type: 'tool-result', update: { toolCallId: known.call.toolCallId, status: 'denied' } });
		}
	};
}

/** The same changes with less around them: some agents show the file first and the fragment later, some the other way round. */
function saysLess(next: readonly FileDiff[], before: readonly FileDiff[]): boolean {
	return (
		next.length === before.length &&
		next.every((diff, index) => {
			const other = before[index]!;
			const isSame = diff.path === other.path && diff.added === other.added && diff.removed === other.removed;
			return isSame && diff.patch.length < other.patch.length;
		})
	);
}

/** More of the output, or all of it when it is not what was told continued. */
function newOutput(known: Known, update: ToolCallUpdate, isOver: boolean): Pick<ToolUpdate, 'output' | 'wholeOutput'> {
	const { whole, more } = textOfCall(update);
	if (more !== '') {
		known.isStreamed = true;
		const output = known.output.more(more);
		return output === '' ? {} : { output };
	}
	// Before it runs, the text is about the call.
	const isAbout = !isOver && known.call.status === 'pending';
	return isAbout || known.isStreamed ? {} : known.output.whole(whole);
}
