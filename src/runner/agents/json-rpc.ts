/**
 * One side of JSON-RPC 2.0, one message a line: requests both ways and notifications. Each side numbers its own requests.
 * Results are handed over at once, not in a microtask, so that what an agent wrote after an answer is seen after it.
 */
import { parseObject } from '$lib/agents/parse-object';

export type RpcId = string | number;

/** The other side answered with an error, or not in time. */
export class RpcError extends Error {
	override readonly name = 'RpcError';

	constructor(
		readonly code: number,
		message: string,
		readonly data?: unknown
	) {
		super(message);
	}
}

export const METHOD_NOT_FOUND = -32601;
/** Ours, from the range left to implementations: no answer within the time. */
export const TIMED_OUT = -32099;

export interface JsonRpcPeer {
	/** `settle` comes exactly once, unless the other side never answers and there is no time-out. */
	call(method: string, params: unknown, settle: (outcome: Outcome) => void, timeoutMs?: number): void;
	/** @throws RpcError */
	request(method: string, params: unknown, timeoutMs?: number): Promise<unknown>;
	notify(method: string, params?: unknown): void;
	respond(id: RpcId, result: unknown): void;
	receive(line: string): void;
}

export type Outcome = { result: unknown } | { error: RpcError };

export interface JsonRpcOptions {
	write(line: string): void;
	/** False when the method is not known; the other side is told so. */
	onRequest(method: string, params: unknown, id: RpcId): boolean;
	onNotification(method: string, params: unknown): void;
	/** A line that is no message. */
	onNonsense(line: string): void;
}

export function createJsonRpcPeer({ write, onRequest, onNotification, onNonsense }: JsonRpcOptions): JsonRpcPeer {
	const waiting = new Map<RpcId, (outcome: Outcome) => void>();
	let nextId = 1;
	const say = (message: object) => write(JSON.stringify({ jsonrpc: '2.0', ...message }));

	function call(method: string, params: unknown, settle: (outcome: Outcome) => void, timeoutMs?: number): void {
		const id = nextId++;
		const timer =
			timeoutMs === undefined
				? undefined
				: setTimeout(() => {
						waiting.delete(id);
						settle({ error: new RpcError(TIMED_OUT, `No answer to ${method} within ${timeoutMs / 1000} s.`) });
					}, timeoutMs).unref();
		waiting.set(id, (outcome) => {
			clearTimeout(timer);
			settle(outcome);
		});
		say({ id, method, params });
	}

	return {
		call,
		request: (method, params, timeoutMs) =>
			new Promise((resolve, reject) =>
				call(
					method,
					params,
					(outcome) => ('error' in outcome ? reject(outcome.error) : resolve(outcome.result)),
					timeoutMs
				)
			),
		notify: (method, params) => say({ method, params }),
		respond: (id, result) => say({ id, result }),
		receive(line) {
			const message = parseObject(line);
			if (!message) return onNonsense(line);
			const { id, method, params } = message;
			const isId = typeof id === 'string' || typeof id === 'number';
			if (typeof method === 'string') {
				if (id === undefined) return onNotification(method, params);
				if (!isId) return onNonsense(line);
				if (!onRequest(method, params, id)) {
					say({ id, error: { code: METHOD_NOT_FOUND, message: `Method not found: ${method}` } });
				}
				return;
			}
			if (isId && ('result' in message || 'error' in message)) {
				// An answer to nothing, or one that comes too late, needs no reaction.
				const settle = waiting.get(id);
				waiting.delete(id);
				return settle?.('error' in message ? { error: toError(message.error) } : { result: message.result });
			}
			onNonsense(line);
		}
	};
}

function toError(value: unknown): RpcError {
	const { code, message, data } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
	return new RpcError(
		typeof code === 'number' ? code : 0,
		typeof message === 'string' && message !== '' ? message : 'The agent answered with an error and no message.',
		data
	);
}
