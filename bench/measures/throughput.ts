import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bare } from '../contenders/bare';
import { coppice } from '../contenders/coppice';
import { rawPty } from '../contenders/raw-pty';
import type { Measure } from '../measure';

const MEGABYTES = 64;

/** A file written to a terminal, from its first byte at the client to its last. */
export const throughput: Measure = {
	name: `Output of ${MEGABYTES} MB`,
	unit: 'MB/s',
	contenders: [rawPty, bare, coppice],
	async run(contender) {
		const file = join(tmpdir(), `coppice-bench-${process.pid}`);
		writeFileSync(file, randomBytes(MEGABYTES * 1024 * 1024));
		const running = await contender.start();
		// It waits for a line, so that the client is there from the first byte, and stays: node-pty drops what it has not
		// read when a program ends.
		const terminal = await running.open(`stty raw -echo; head -c 1 > /dev/null; cat ${file}; exec sleep 60`);
		let bytes = 0;
		let startedAt = 0;
		const seconds = await new Promise<number>((resolve) => {
			terminal.onOutput((output) => {
				startedAt ||= performance.now();
				bytes += output.length;
				if (bytes >= MEGABYTES * 1024 * 1024) resolve((performance.now() - startedAt) / 1000);
			});
			terminal.write('\n');
		});
		await running.stop();
		rmSync(file);
		return { rate: MEGABYTES / seconds };
	}
};
