/** The part of OpenAI's Responses API that an agent needs: one streamed answer, as text or as a call of a tool. */
import type { ServerResponse } from 'node:http';
import { nothingShown, showText, type Answer, type Shown } from './script';
import type { Speak } from './speech';

interface Part {
	type?: string;
	text?: string;
	image_url?: string;
}

interface Item {
	type: string;
	role?: string;
	content?: string | Part[];
	/** Of a tool's result. */
	output?: unknown;
}

export interface ResponsesRequest {
	model: string;
	tools?: { name?: string; type: string }[];
	input: Item[];
}

export function readResponses({ input }: ResponsesRequest): Shown {
	const shown = nothingShown();
	for (const { type, role, content, output } of input) {
		if (type.endsWith('_call_output')) shown.results.push(typeof output === 'string' ? output : JSON.stringify(output));
		if (type !== 'message') continue;
		const parts: Part[] = typeof content === 'string' ? [{ text: content }] : (content ?? []);
		for (const { text, image_url: url } of parts) {
			if (url !== undefined) shown.images.push(url.replace(/^data:[^,]*,/, ''));
			if (text !== undefined) showText(shown, text, role === 'user');
		}
	}
	return shown;
}

export async function answerResponses(
	response: ServerResponse,
	{ model }: ResponsesRequest,
	answer: Answer,
	{ number, speak }: { number: number; speak: Speak }
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
	const call = callOf(answer);
	if (call) {
		item = { type: 'function_call', id: itemId, status: 'completed', call_id: `call_${number}`, ...call };
	} else {
		const { words, pace } = speechOf(answer);
		const message = { type: 'message', id: itemId, role: 'assistant', content: [] as unknown[] };
		send('response.output_item.added', { output_index: 0, item: { ...message, status: 'in_progress' } });
		for await (const word of speak(words, pace)) {
			if (response.destroyed) return;
			send('response.output_text.delta', { item_id: itemId, output_index: 0, content_index: 0, delta: word });
		}
		const text = words.join('');
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

/** The call of the tool that does what the answer asks for; null when it is a text. */
function callOf(answer: Answer): { name: string; arguments: string } | null {
	switch (answer.kind) {
		case 'run': {
			// To leave the sandbox is what the agent asks the person about.
			const rights = { sandbox_permissions: 'require_escalated', justification: 'May I?' };
			return { name: 'exec_command', arguments: JSON.stringify({ cmd: answer.command, ...rights }) };
		}
		case 'ask': {
			const options = answer.options.map((label) => ({ label, description: `It is ${label}` }));
			const questions = [{ id: 'choice', header: 'Choice', question: answer.question, options }];
			return { name: 'request_user_input', arguments: JSON.stringify({ questions }) };
		}
		default:
			return null;
	}
}

/** A plan is a part of a text here. */
function speechOf(answer: Answer): Pick<Extract<Answer, { kind: 'text' }>, 'words' | 'pace'> {
	if (answer.kind === 'text') return answer;
	const plan = answer.kind === 'plan' ? answer.plan : '';
	return { words: ['<proposed_plan>\n', plan, '\n</proposed_plan>'], pace: 'quick' };
}
