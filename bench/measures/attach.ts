import { bare } from '../contenders/bare';
import { coppice } from '../contenders/coppice';
import { rawPty } from '../contenders/raw-pty';
import { watchFor } from '../contender';
import { median, type Measure } from '../measure';

const LINES = 200_000;
const LAST = 'that was the last line';

/** A browser comes to a terminal that has printed about 10 MB, and wants to see its screen. */
export const attach: Measure = {
	name: 'Attaching after 10 MB',
	unit: 'ms',
	contenders: [rawPty, bare, coppice],
	async run(contender) {
		const running = await contender.start();
		// The command itself, echoed nowhere, must not hold the text that is waited for.
		const line = `stty -echo; seq -f "%06g ${'.'.repeat(43)}" ${LINES}; printf 'that was the %s line' last; exec sleep 60`;
		const terminal = await running.open(line);
		const isThere = watchFor(LAST);
		await new Promise<void>((resolve) => terminal.onOutput((bytes) => isThere(bytes) && resolve()));
		const times: number[] = [];
		for (let attempt = 0; attempt < 6; attempt++) {
			const startedAt = performance.now();
			await terminal.attachAgain(LAST);
			times.push(performance.now() - startedAt);
		}
		await running.stop();
		return { first: times[0]!, again: median(times.slice(1)) };
	}
};
