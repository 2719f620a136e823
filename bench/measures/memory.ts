import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { bare } from '../contenders/bare';
import { coppice } from '../contenders/coppice';
import { rawPtyProcess } from '../contenders/raw-pty-process';
import type { RunningContender } from '../contender';
import type { Measure } from '../measure';

const TERMINALS = 20;
/** Long enough for 20 terminals to print their megabyte, and for the garbage of it to go. */
const SETTLE_MS = 5_000;

/** Resident memory of all processes in between, at rest and with terminals that have printed a megabyte each. */
export const memory: Measure = {
	name: 'Resident memory',
	unit: 'MB',
	contenders: [rawPtyProcess, bare, coppice],
	async run(contender) {
		const running = await contender.start();
		const atRest = residentMegabytes(running);
		for (let count = 0; count < TERMINALS; count++) await running.open('head -c 1000000 /dev/zero; exec sleep 60');
		await delay(SETTLE_MS);
		const withTerminals = residentMegabytes(running);
		await running.stop();
		return { 'at rest': atRest, [`with ${TERMINALS} terminals`]: withTerminals };
	}
};

function residentMegabytes(running: RunningContender): number {
	const output = execFileSync('ps', ['-o', 'rss=', '-p', running.pids().join(',')], { encoding: 'utf8' });
	return output
		.trim()
		.split('\n')
		.reduce((sum, line) => sum + Number(line) / 1024, 0);
}
