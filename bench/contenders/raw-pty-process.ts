import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Contender } from '../contender';
import { rawPty } from './raw-pty';

const READER = fileURLToPath(new URL('raw-reader.js', import.meta.url));

/** The raw reader in a process of its own, whose memory can be told from that of the benchmark. */
export const rawPtyProcess: Contender = {
	name: rawPty.name,
	async start() {
		const reader = fork(READER);
		await once(reader, 'message');
		return {
			async open(line) {
				reader.send(line);
				await once(reader, 'message');
				return { write: fail, onOutput: fail, attachAgain: fail, stall: fail };
			},
			pids: () => [reader.pid!],
			async stop() {
				reader.kill('SIGKILL');
				await once(reader, 'exit');
			}
		};
	}
};

function fail(): never {
	throw new Error('Only its memory is measured');
}
