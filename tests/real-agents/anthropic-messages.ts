/** The part of Anthropic's Messages API that an agent needs: one streamed answer, as text or as a call of a tool. */
import type { ServerResponse } from 'node:http';
import { nothingShown, showText, type Answer, type Shown } from './script';
import type { Speak } from './speech';

interface Block {
	type: string;
	text?: string;
	/** Of a tool's result. */
	content?: string | Block[];
	/** Of a picture. */
	source?: { data?: string };
}

export interface MessagesRequest {
	model: string;
	stream?: boolean;
	tools?: { name: string }[];
	messages: { role: 'user' | 'assistant'; content: string | Block[] }[];
}

export function readMessages({ messages }: MessagesRequest): Shown {
	const shown = nothingShown();
	for (const { role, content } of messages) {
		for (const block of blocksOf(content)) {
			if (block.type === 'tool_result') {
				const words = blocksOf(block.content ?? '').map(({ text = '' }) => text);
				shown.results.push(words.join('\n'));
			} else if (block.type === 'image') shown.images.push(block.source?.data ?? '');
			else if (block.text !== undefined) showText(shown, block.text, role === 'user');
		}
	}
	return shown;
}

function blocksOf(content: string | Block[]): Block[] {
	return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}

/** Without tools the agent asks something on the side, such as for a title. */
export function offersTools({ tools = [] }: MessagesRequest): boolean {
	return tools.length > 0;
}

/** The tool that does what the answer asks for; null when it is a text. */
function toolOf(answer: Answer): { name: string; input: object } | null {
	switch (answer.kind) {
		case 'run':
			return { name: 'Bash', input: { command: answer.command, description: 'Try it' } };
		case 'ask': {
			const options = answer.options.map((label) => ({ label, description: `It is ${label}` }));
			const question = { question: answer.question, header: 'Choice', multiSelect: false, options };
			return { name: 'AskUserQuestion', input: { questions: [question] } };
		}
		case 'plan':
			return { name: 'ExitPlanMode', input: { plan: answer.plan } };
		default:
			return null;
	}
}

export async function answerMessages(
	response: ServerResponse,
	{ model, stream }: MessagesRequest,
	answer: Answer,
	{ number, speak }: { number: number; speak: Speak }
): Promise<void> {
	if (answer.kind === 'error') {
		const type = answer.status === 529 ? 'overloaded_error' : 'api_error';
		response.writeHead(answer.status, { 'content-type': 'application/json', 'x-should-retry': 'false' });
		response.end(JSON.stringify({ type: 'error', error: { type, message: 'The model fails.' } }));
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
	const tool = toolOf(answer);
	const stopReason = tool ? 'tool_use' : 'end_turn';
	const block = tool
		? { type: 'tool_use', id: `toolu_${number}`, ...tool }
		: { type: 'text', text: answer.kind === 'text' ? answer.words.join('') : '' };
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
	if (tool) {
		send('content_block_start', { index: 0, content_block: { ...block, input: {} } });
		delta({ type: 'input_json_delta', partial_json: JSON.stringify(tool.input) });
	} else if (answer.kind === 'text') {
		send('content_block_start', { index: 0, content_block: { type: 'text', text: '' } });
		for await (const word of speak(answer.words, answer.pace)) {
			if (response.destroyed) return;
			delta({ type: 'text_delta', text: word });
		}
	}
	send('content_block_stop', { index: 0 });
	send('message_delta', { delta: { stop_reason: stopReason, stop_sequence: null }, usage });
	send('message_stop', {});
	response.end();
}
