/** A model on loopback that does what the prompt says, for agents that believe they talk to their maker's. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerMessages, offersTools, readMessages, type MessagesRequest } from './anthropic-messages';
import { answerContents, offersShellCommand, readContents, type ContentsRequest } from './gemini-contents';
import { answerResponses, offersShell, readResponses, type ResponsesRequest } from './openai-responses';
import { answerTo, type Answer, type Shown } from './script';
import { createSpeech } from './speech';

export interface ModelApi {
	readonly url: string;
	/** Each conversation that it was shown and asked to go on with, oldest first. */
	readonly shown: Shown[];
	/** Says the next word of each answer that is held. */
	letGo(): void;
	close(): Promise<void>;
}

export async function startModelApi(): Promise<ModelApi> {
	const shown: Shown[] = [];
	const { speak, letGo } = createSpeech();
	let number = 0;

	/** What is asked on the side is no part of the conversation. */
	function answerShown(conversation: Shown, isMain: boolean): Answer {
		if (!isMain) return answerTo({ ...conversation, prompt: '' });
		shown.push(conversation);
		return answerTo(conversation);
	}

	const server = createServer((request, response) => {
		void readBody(request).then(async (body) => {
			const path = new URL(request.url ?? '/', 'http://model').pathname;
			number++;
			if (path.endsWith('/messages')) {
				const asked = body as MessagesRequest;
				const answer = answerShown(readMessages(asked), offersTools(asked));
				return answerMessages(response, asked, answer, { number, speak });
			}
			if (path.endsWith('/responses')) {
				const asked = body as ResponsesRequest;
				const answer = answerShown(readResponses(asked), offersShell(asked));
				return answerResponses(response, asked, answer, { number, speak });
			}
			if (/:(streamG|g)enerateContent$/.test(path)) {
				const asked = body as ContentsRequest;
				const answer = answerShown(readContents(asked), offersShellCommand(asked));
				return answerContents(response, path, answer, { number, speak });
			}
			response.writeHead(404, { 'content-type': 'application/json' });
			response.end(JSON.stringify({ error: { message: `There is no ${path}.` } }));
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		shown,
		letGo,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			})
	};
}

async function readBody(request: IncomingMessage): Promise<unknown> {
	const chunks: Buffer[] = [];
	for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
	try {
		return JSON.parse(Buffer.concat(chunks).toString());
	} catch {
		return {};
	}
}
