import { bare } from '../contenders/bare';
import { coppice } from '../contenders/coppice';
import { rawPty } from '../contenders/raw-pty';
import type { Terminal } from '../contender';
import { percentile, type Measure } from '../measure';

const KEYS = 1_000;
const ECHO = 'stty raw -echo; exec cat';

/** From a key's way out to its way back, one after the other. */
export const echo: Measure = {
	name: 'Echo of a key',
	unit: 'ms',
	contenders: [rawPty, bare, coppice],
	async run(contender) {
		const running = await contender.start();
		const times = await typeKeys(await running.open(ECHO));
		await running.stop();
		return summary(times);
	}
};

/** The same, while the client of another terminal that runs `yes` has stopped reading. */
export const echoBesideFlood: Measure = {
	name: 'Echo of a key beside `yes` with a stuck reader',
	unit: 'ms',
	contenders: [rawPty, bare, coppice],
	async run(contender) {
		const running = await contender.start();
		const typed = await running.open(ECHO);
		const flood = await running.open('exec timeout 20 yes');
		flood.stall();
		const times = await typeKeys(typed);
		await running.stop();
		return summary(times);
	}
};

async function typeKeys(terminal: Terminal): Promise<number[]> {
	const times: number[] = [];
	for (let key = 0; key < KEYS; key++) {
		const back = new Promise<void>((resolve) => terminal.onOutput(() => resolve()));
		const typedAt = performance.now();
		terminal.write('x');
		await back;
		times.push(performance.now() - typedAt);
	}
	// The first keys wait for the shell to start.
	return times.slice(KEYS / 10);
}

function summary(times: number[]): Record<string, number> {
	return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}
