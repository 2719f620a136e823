/** Requests of ours to the agent besides messages, and its answers. */
import { object, string, type Loose } from './wire';

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
	 * @throws ControlRefused
	 */
	request(request: Loose, apply: (response: Loose) => void): Promise<void>;
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
		request: (request, apply) =>
			new Promise((resolve, reject) => {
				waiting.set(send(request), {
					resolve(response) {
						apply(response);
						resolve();
					},
					reject
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
