/** Conversations for tests. */
import type { Interface } from '$lib/protocol/agent';
import type { ChatEvent, ToolCall } from '$lib/protocol/chat';
import type { StartMode } from '$lib/protocol/event';
import { Transcript, type TranscriptEvent, type TranscriptItem } from './transcript';

export type Told = TranscriptEvent['event'];

/** One event a second, from the first second of 1970. */
export function inOrder(events: readonly Told[]): TranscriptEvent[] {
	return events.map((event, index) => ({ seq: index + 1, ts: new Date((index + 1) * 1000).toISOString(), event }));
}

export function transcriptOf(...events: readonly Told[]): Transcript {
	const transcript = new Transcript();
	for (const event of inOrder(events)) transcript.apply(event);
	return transcript;
}

export function itemsOf(...events: readonly Told[]): TranscriptItem[] {
	return transcriptOf(...events).items;
}

export const user = (messageId: string, text: string): ChatEvent => ({
	channel: 'agent:message',
	type: 'user',
	payload: { messageId, blocks: [{ type: 'text', text }] }
});

export const assistant = (messageId: string, text: string, parentId?: string): ChatEvent => ({
	channel: 'agent:message',
	type: 'assistant',
	payload: { messageId, ...(parentId && { parentId }), blocks: [{ type: 'text', text }] }
});

export const delta = (messageId: string, text: string, block = 0): ChatEvent => ({
	channel: 'agent:delta',
	type: 'text',
	payload: { messageId, block, text }
});

export const call = (toolCallId: string, more: Partial<ToolCall> = {}): ChatEvent => ({
	channel: 'agent:tool',
	type: 'call',
	payload: { toolCallId, name: 'Bash', kind: 'execute', title: 'ls', status: 'running', ...more }
});

export const progress = (toolCallId: string, more: Partial<ToolCall> & { wholeOutput?: true } = {}): ChatEvent => ({
	channel: 'agent:tool',
	type: 'progress',
	payload: { toolCallId, ...more }
});

export const result = (toolCallId: string, more: Partial<ToolCall> = {}): ChatEvent => ({
	channel: 'agent:tool',
	type: 'result',
	payload: { toolCallId, ...more }
});

export const permission = (requestId: string, toolCallId?: string): ChatEvent => ({
	channel: 'agent:request',
	type: 'permission',
	payload: {
		requestId,
		...(toolCallId && { toolCallId }),
		title: 'run a command',
		options: [{ optionId: 'yes', kind: 'allow_once', name: 'Allow' }],
		takesReason: true
	}
});

export const answered = (requestId: string, outcome: 'allowed' | 'denied' = 'allowed'): ChatEvent => ({
	channel: 'agent:request',
	type: 'answered',
	payload: { requestId, outcome, optionId: 'yes' }
});

export const turnEnd = (type: 'completed' | 'cancelled' | 'failed' = 'completed'): ChatEvent => ({
	channel: 'agent:result',
	type,
	payload: {
		turnId: 't',
		usage: { inputTokens: 10, outputTokens: 5, cacheReadTokens: 2, cacheWriteTokens: 1 },
		costUsd: 0.25,
		durationMs: 1500
	}
});

export const interrupted: Told = { channel: 'system:status', type: 'interrupted', payload: { pid: 1 } };

export const exited = (exitCode: number | null = 0, signal: string | null = null): Told => ({
	channel: 'system:status',
	type: 'exited',
	payload: { exitCode, signal, errorMessage: null }
});

const start = { pid: 1, cols: 80, rows: 24 };

export const started = (driven: Interface): Told => ({
	channel: 'system:status',
	type: 'started',
	payload: { ...start, mode: 'fresh', interface: driven }
});

export const restarted = (driven: Interface, mode: StartMode = 'continue'): Told => ({
	channel: 'system:status',
	type: 'restarted',
	payload: { ...start, mode, interface: driven }
});
