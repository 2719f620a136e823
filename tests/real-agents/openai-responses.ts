/** The part of OpenAI's Responses API that an agent needs: one streamed answer, as text or as a call of its shell tool. */
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { isInstruction, type Answer, type Shown } from './script';

interface Item {
	type: string;
	role?: string;
	content?: string | { text?: string }[];
}

export interface ResponsesRequest {
	model: string;
	tools?: { name?: string; type: string }[];
	input: Item[];
}

export function readResponses({ input }: ResponsesRequest): Shown {
	const shown: Shown = { texts: [], prompt: '', toolResults: 0 };
	for (const { type, role, content } of input) {
		if (type.endsWith('_call_output')) shown.toolResults++;
		if (type !== 'message') continue;
		const parts = typeof content === 'string' ? [{ text: content }] : (content ?? []);
		for (const { text } of parts) {
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

export async function answerResponses(
	response: ServerResponse,
	{ model }: ResponsesRequest,
	answer: Answer,
	number: number
): Promise<void> {
	if (answer.kind === 'error') {
		response.writeHead(answer.status, { 'content-type': 'application/json' });
		response.end(JSON.stringify({ error: { message: 'The model fails.', type: 'server_error' } }));
		return;
	}
	response.writeHead(200, { 'content-type': 'text/event-stream' });
	let sequence = 0;
	const send = (type: string, data: object) => {
		if (response.destroyed) return;
		response.write(`event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence++, ...data })}\n\n`);
	};
	const whole = { id: `resp_${number}`, object: 'response', created_at: 0, model, status: 'in_progress', output: [] };
	const itemId = `item_${number}`;
	send('response.created', { response: whole });

	let item: object;
	if (answer.kind === 'run') {
		item = { id: itemId, status: 'completed', call_id: `call_${number}`, ...shellCall(answer.command) };
	} else {
		const message = { type: 'message', id: itemId, role: 'assistant', content: [] as unknown[] };
		send('response.output_item.added', { output_index: 0, item: { ...message, status: 'in_progress' } });
		for (const word of answer.words) {
			send('response.output_text.delta', { item_id: itemId, output_index: 0, content_index: 0, delta: word });
			if (answer.pauseMs) await delay(answer.pauseMs);
			if (response.destroyed) return;
		}
		const text = answer.words.join('');
		item = { ...message, status: 'completed', content: [{ type: 'output_text', text, annotations: [] }] };
	}
	send('response.output_item.done', { output_index: 0, item });
	const usage = {
		input_tokens: 10,
		input_tokens_details: { cached_tokens: 0 },
		output_tokens: 10,
		output_tokens_details: { reasoning_tokens: 0 },
		total_tokens: 20
	};
	send('response.completed', { response: { ...whole, status: 'completed', output: [item], usage } });
	response.end();
}

/** Whether the agent offers its shell; when it asks something on the side, such as for a title, it does not. */
export function offersShell({ tools = [] }: ResponsesRequest): boolean {
	return tools.some(({ name }) => name === 'exec_command');
}

/** Asks to leave the sandbox, which is what the agent asks the person about. */
function shellCall(command: string): object {
	const rights = { sandbox_permissions: 'require_escalated', justification: 'May I?' };
	return { type: 'function_call', name: 'exec_command', arguments: JSON.stringify({ cmd: command, ...rights }) };
}
