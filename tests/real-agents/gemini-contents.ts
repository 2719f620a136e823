/** The part of Google's Gemini API that an agent needs: one streamed answer, as text or as a call of its shell tool. */
import type { ServerResponse } from 'node:http';
import { nothingShown, showText, type Answer, type Shown } from './script';
import type { Speak } from './speech';

interface Part {
	text?: string;
	inlineData?: { data: string };
	functionResponse?: { response?: unknown };
	functionCall?: object;
}

export interface ContentsRequest {
	contents?: { role?: string; parts?: Part[] }[];
	tools?: { functionDeclarations?: { name: string }[] }[];
}

export function readContents({ contents = [] }: ContentsRequest): Shown {
	const shown = nothingShown();
	for (const { role, parts = [] } of contents) {
		for (const { text, inlineData, functionResponse } of parts) {
			if (functionResponse) shown.results.push(JSON.stringify(functionResponse.response));
			if (inlineData) shown.images.push(inlineData.data);
			if (text !== undefined) showText(shown, text, role === 'user');
		}
	}
	return shown;
}

/** Without its shell the agent asks something on the side, such as which model is best. */
export function offersShellCommand({ tools = [] }: ContentsRequest): boolean {
	return tools.some(({ functionDeclarations = [] }) =>
		functionDeclarations.some(({ name }) => name === 'run_shell_command')
	);
}

export async function answerContents(
	response: ServerResponse,
	path: string,
	answer: Answer,
	{ number, speak }: { number: number; speak: Speak }
): Promise<void> {
	if (answer.kind === 'error') {
		response.writeHead(answer.status, { 'content-type': 'application/json' });
		response.end(JSON.stringify({ error: { code: answer.status, message: 'The model fails.', status: 'INTERNAL' } }));
		return;
	}
	const usageMetadata = { promptTokenCount: 10, candidatesTokenCount: 10, totalTokenCount: 20 };
	const chunk = (part: Part, isLast: boolean) =>
		JSON.stringify({
			candidates: [{ content: { role: 'model', parts: [part] }, index: 0, ...(isLast && { finishReason: 'STOP' }) }],
			usageMetadata,
			modelVersion: 'ours',
			responseId: `response_${number}`
		});
	if (!path.endsWith(':streamGenerateContent')) {
		response.writeHead(200, { 'content-type': 'application/json' });
		response.end(chunk({ text: '{}' }, true));
		return;
	}
	response.writeHead(200, { 'content-type': 'text/event-stream' });
	const send = (part: Part, isLast = false) => {
		if (!response.destroyed) response.write(`data: ${chunk(part, isLast)}\n\n`);
	};
	if (answer.kind === 'text') {
		for await (const word of speak(answer.words, answer.pace)) {
			if (response.destroyed) return;
			send({ text: word });
		}
	} else if (answer.kind === 'run') {
		send({
			functionCall: { name: 'run_shell_command', args: { command: answer.command, description: 'Try it' } }
		});
	}
	send({ text: '' }, true);
	response.end();
}
