import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { CoppiceError, toProblem } from '$lib/protocol/errors';
import type { ServerConfig } from '../config';
import { checkAddressed } from './origin';
import { isSameSecret } from './secret';

/** On requests that were let in, what only the door knows. Whatever a client sends by this name is overwritten. */
const HEADER = 'x-coppice-door';

/** Where every HTTP request is checked, once, before anything answers it: files, pages and REST. */
export interface FrontDoor {
	/** Lets in what is meant for this server, and answers anything else itself. @returns whether it was let in */
	admit(request: IncomingMessage, response: ServerResponse): boolean;
	/** @throws CoppiceError `forbidden` for what came by another way, and so was not checked */
	mustHaveAdmitted(headers: Headers): void;
}

export function createFrontDoor(config: Pick<ServerConfig, 'host' | 'allowedHosts'>): FrontDoor {
	const mark = randomUUID();
	return {
		admit(request, response) {
			const { host, origin } = request.headers;
			try {
				checkAddressed({ host, origin }, config);
			} catch (error) {
				if (!(error instanceof CoppiceError)) throw error;
				const problem = toProblem(error.code, error.message);
				response.writeHead(problem.status, { 'content-type': 'application/problem+json', connection: 'close' });
				response.end(JSON.stringify(problem));
				return false;
			}
			request.headers[HEADER] = mark;
			return true;
		},
		mustHaveAdmitted(headers) {
			if (isSameSecret(headers.get(HEADER) ?? '', mark)) return;
			throw new CoppiceError('forbidden', 'This server does not check who asks. Start it with `npm start`.');
		}
	};
}
