import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogFile } from '../../../tests/support/log-file';
import type { ScreenCheckpoint } from '../log/event-log';
import { createScreenCache, IDLE_MS, MAX_MODELS, type ScreenCache } from './screen-cache';
import { openScreenLog, type ScreenLog } from './screen-log';

let file: LogFile;
let log: ScreenLog;
let cache: ScreenCache;
let now: number;
let saved: { worker: number; checkpoint: ScreenCheckpoint }[];
/** How many models were made: each looks for a checkpoint first. */
let opened: number;

beforeEach(() => {
	file = new LogFile(40, 6);
	const read = openScreenLog(file.path);
	opened = 0;
	log = {
		...read,
		checkpoint(worker) {
			opened++;
			return read.checkpoint(worker);
		}
	};
	now = 0;
	saved = [];
	cache = createScreenCache({
		log,
		now: () => now,
		saveCheckpoint(worker, checkpoint) {
			saved.push({ worker, checkpoint });
			file.saveCheckpoint(checkpoint, worker);
		}
	});
});

afterEach(async () => {
	await cache.close();
	log.close();
	file.close();
});

const line = 'a line of some length that fills the log\r\n';
const flood = (byteLength: number, worker = 1) => file.output(line.repeat(Math.ceil(byteLength / line.length)), worker);

describe('the kept models', () => {
	it('go on from where they are when they are asked again', async () => {
		file.output('one\r\n');
		expect(await cache.snapshot(1)).toMatchObject({ seq: 2, data: expect.stringContaining('one') });
		file.output('two');
		expect(await cache.snapshot(1)).toMatchObject({ seq: 3, data: expect.stringMatching(/one[^]*two/) });
		expect((await cache.view(1)).screen).toMatchObject({ seq: 3, lines: ['one', 'two', '', '', '', ''] });
		expect(opened).toBe(1);
	});

	it('do what they are asked one after another', async () => {
		file.output('one\x1b[6n');
		const end = file.row().outputBytes;
		const answers = Promise.all([cache.snapshot(1), cache.cursor(1, end), cache.view(1), cache.snapshot(1)]);
		expect((await answers)[1]).toEqual({ x: 3, y: 0 });
		expect((await answers)[3]).toEqual((await answers)[0]);
	});

	it('are put away when nobody asked for long, and come back from what was put away', async () => {
		file.output('kept');
		await cache.snapshot(1);
		now += IDLE_MS;
		cache.tidy();
		await cache.snapshot(1);
		expect(opened).toBe(1);
		now += IDLE_MS + 1;
		cache.tidy();
		await cache.close();
		expect(saved).toMatchObject([{ worker: 1, checkpoint: { seq: 2 } }]);
		file.db.prepare('DELETE FROM events').run();
		expect(await cache.snapshot(1)).toMatchObject({ seq: 2, data: expect.stringContaining('kept') });
		expect(opened).toBe(2);
	});

	it('are no more than so many: those asked for longest ago go first', async () => {
		file.row(2);
		for (let worker = 1; worker <= MAX_MODELS + 1; worker++) {
			file.output(`worker ${worker}`, worker);
			await cache.snapshot(worker);
			await cache.snapshot(2);
		}
		expect(opened).toBe(MAX_MODELS + 1);
		await cache.snapshot(2);
		expect(opened).toBe(MAX_MODELS + 1);
		expect((await cache.snapshot(1)).data).toContain('worker 1');
		expect(opened).toBe(MAX_MODELS + 2);
	});

	it('are let go with their worker', async () => {
		file.output('of the first life');
		await cache.snapshot(1);
		cache.drop(1);
		file.drop(1);
		await expect(cache.snapshot(1)).rejects.toThrow('no log');
		file.output('new');
		expect((await cache.snapshot(1)).data).not.toContain('first');
	});

	it('are tried again after one could not be made', async () => {
		await expect(cache.snapshot(9)).rejects.toThrow('no log');
		file.output('there now', 9);
		expect((await cache.snapshot(9)).data).toContain('there now');
	});
});

describe('a growing log', () => {
	it('is put into a checkpoint with a snapshot when much was drawn', async () => {
		flood(1024 * 1024);
		const snapshot = await cache.snapshot(1);
		expect(saved).toEqual([{ worker: 1, checkpoint: snapshot }]);
		await cache.snapshot(1);
		expect(saved.length).toBe(1);
	});

	it('is caught up with once it has settled, and left alone while it flows or is little', async () => {
		file.output('start');
		await cache.snapshot(1);
		flood(2 * 1024 * 1024);
		await cache.grown(1, false);
		expect(saved).toEqual([]);
		await cache.grown(1, true);
		expect(saved).toMatchObject([{ checkpoint: { seq: file.row().lastSeq } }]);
		flood(100 * 1024);
		await cache.grown(1, true);
		expect(saved.length).toBe(1);
	});

	it('of a worker that nobody looks at costs nothing while it is little', async () => {
		flood(500 * 1024, 5);
		await cache.grown(5, true);
		expect(opened).toBe(0);
	});
});
