import type { Worker } from '$lib/protocol/worker';

/** Each session's workers, oldest first. */
export function groupBySession(workers: Iterable<Worker>): Map<string, Worker[]> {
	const groups = new Map<string, Worker[]>();
	for (const worker of workers) {
		const group = groups.get(worker.sessionId);
		if (group) group.push(worker);
		else groups.set(worker.sessionId, [worker]);
	}
	for (const group of groups.values()) group.sort((a, b) => a.createdAt.localeCompare(b.createdAt));
	return groups;
}
