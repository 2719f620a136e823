import { WorkerServerMessage } from '$lib/protocol/worker-socket';

/** Reads a text frame; null for one that a newer server may send and we do not know. */
export function parseMessage(data: unknown): WorkerServerMessage | null {
	if (typeof data !== 'string') return null;
	try {
		return WorkerServerMessage.safeParse(JSON.parse(data)).data ?? null;
	} catch {
		return null;
	}
}
