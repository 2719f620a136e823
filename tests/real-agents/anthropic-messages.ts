/** The part of Anthropic's Messages API that an agent needs: one streamed answer, as text or as a call of its shell tool. */
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { isInstruction, type Answer, type Shown } from './script';

interface Block {
	type: string;
	text?: string;
}

export interface MessagesRequest {
	model: string;
	stream?: boolean;
	tools?: { name: string }[];
	messages: { role: 'user' | 'assistant'; content: string | Block[] }[];
}

export function readMessages({ messages }: MessagesRequest): Shown {
	const shown: Shown = { texts: [], prompt: '', toolResults: 0 };
	for (const { role, content } of messages) {
		const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
		for (const { type, text } of blocks) {
			if (type === 'tool_result') shown.toolResults++;
			if (text === undefined) continue;
			shown.texts.push(text);
			if (role === 'user' && isInstruction(text)) {
				shown.prompt = text;
				shown.toolResults = 0;
			}
		}
	}
	return shown;
}

/** Without tools the agent asks something on the side, such as for a title. */
export function offersTools({ tools = [] }: MessagesRequest): boolean {
	return tools.length > 0;
}

export async function answerMessages(
	response: ServerResponse,
	{ model, stream }: MessagesRequest,
	answer: Answer,
	number: number
): Promise<void> {
	if (answer.kind === 'error') {
		response.writeHead(answer.status, { 'content-type': 'application/json', 'x-should-retry': 'false' });
		response.end(JSON.stringify({ type: 'error', error: { type: 'api_error', message: 'The model fails.' } }));
		return;
	}
	const usage = { input_tokens: 10, output_tokens: 10, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
	const message = {
		id: `msg_${number}`,
		type: 'message',
		role: 'assistant',
		model,
		content: [] as unknown[],
		stop_reason: null as string | null,
		stop_sequence: null,
		usage
	};
	const stopReason = answer.kind === 'run' ? 'tool_use' : 'end_turn';
	const block =
		answer.kind === 'run'
			? {
					type: 'tool_use',
					id: `toolu_${number}`,
					name: 'Bash',
					input: { command: answer.command, description: 'Try it' }
				}
			: { type: 'text', text: answer.words.join('') };
	if (!stream) {
		response.writeHead(200, { 'content-type': 'application/json' });
		response.end(JSON.stringify({ ...message, content: [block], stop_reason: stopReason }));
		return;
	}

	response.writeHead(200, { 'content-type': 'text/event-stream' });
	const send = (type: string, data: object) => {
		if (!response.destroyed) response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
	};
	const delta = (data: object) => send('content_block_delta', { index: 0, delta: data });
	send('message_start', { message });
	if (answer.kind === 'run') {
		send('content_block_start', { index: 0, content_block: { ...block, input: {} } });
		delta({
			type: 'input_json_delta',
			partial_json: JSON.stringify({ command: answer.command, description: 'Try it' })
		});
	} else {
		send('content_block_start', { index: 0, content_block: { type: 'text', text: '' } });
		for (const word of answer.words) {
			delta({ type: 'text_delta', text: word });
			if (answer.pauseMs) await delay(answer.pauseMs);
			if (response.destroyed) return;
		}
	}
	send('content_block_stop', { index: 0 });
	send('message_delta', { delta: { stop_reason: stopReason, stop_sequence: null }, usage });
	send('message_stop', {});
	response.end();
}
