/** Requests of ours to the agent besides messages, and its answers. */
import { object, string, type Loose } from '$lib/agents/loose';
import { AgentFault } from '../adapter';

const ANSWER_MS = 30_000;

/** The agent answered a request with an error. */
export class ControlRefused extends Error {
	override readonly name = 'ControlRefused';

	constructor(
		message: string,
		readonly code: string | undefined
	) {
		super(message);
	}
}

interface Controls {
	/**
	 * @param apply is given the answer at once, so that what follows in the same piece of output finds it applied
	 * @throws ControlRefused; AgentFault when no answer comes within `timeoutMs`
	 */
	request(request: Loose, apply: (response: Loose) => void, timeoutMs?: number): Promise<void>;
	/** For a request whose answer says nothing. */
	notify(request: Loose): void;
	/** A line of type `control_response`; one that answers nothing of ours is ignored. */
	received(line: Loose): void;
}

export function createControls(write: (message: Loose) => void): Controls {
	const waiting = new Map<string, { resolve(response: Loose): void; reject(error: ControlRefused): void }>();
	let requests = 0;

	function send(request: Loose): string {
		const id = `coppice-${++requests}`;
		write({ type: 'control_request', request_id: id, request });
		return id;
	}

	return {
		request: (request, apply, timeoutMs = ANSWER_MS) =>
			new Promise((resolve, reject) => {
				const id = send(request);
				const timer = setTimeout(() => {
					waiting.delete(id);
					reject(silent(timeoutMs));
				}, timeoutMs).unref();
				waiting.set(id, {
					resolve(response) {
						clearTimeout(timer);
						apply(response);
						resolve();
					},
					reject(error) {
						clearTimeout(timer);
						reject(error);
					}
				});
			}),
		notify: (request) => void send(request),
		received(line) {
			const response = object(line.response);
			const id = string(response?.request_id);
			const asker = id === undefined ? undefined : waiting.get(id);
			if (!response || id === undefined || !asker) return;
			waiting.delete(id);
			if (response.subtype === 'success') asker.resolve(object(response.response) ?? {});
			else
				asker.reject(
					new ControlRefused(string(response.error) ?? 'The agent refused it.', string(response.error_code))
				);
		}
	};
}

function silent(timeoutMs: number): AgentFault {
	const message = `The agent did not answer within ${timeoutMs / 1000} s.`;
	return new AgentFault({ kind: 'other', message, advice: 'Send the message again to start the agent anew.' });
}
