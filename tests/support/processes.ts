import { readFileSync, readdirSync } from 'node:fs';

/** Processes that carry the mark of a worker in their environment (Linux). */
export function processesWith(workerId: string): number[] {
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.map(Number)
		.filter((pid) => {
			try {
				return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`COPPICE_WORKER_ID=${workerId}`);
			} catch {
				return false;
			}
		});
}
