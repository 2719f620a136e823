import { writeFileSync } from 'node:fs';
import { join, dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ScreenCheckpoint } from '../../src/runner/log/event-log';
import { openScreens } from '../../src/runner/screen/screens';
import type { Screens } from '../../src/runner/supervise/screens';
import { LogFile } from '../support/log-file';
import { until } from '../support/until';

const ENTRY = new URL('../../build/runner/screen-thread.js', import.meta.url);

let file: LogFile;
let screens: Screens;
let saved: ScreenCheckpoint[];
let faults: Error[];

function open(entry = ENTRY): void {
	screens = openScreens({
		path: file.path,
		entry,
		saveCheckpoint: (_worker, checkpoint) => saved.push(checkpoint),
		onFault: (error) => faults.push(error)
	});
}

beforeEach(() => {
	file = new LogFile(80, 24);
	saved = [];
	faults = [];
});

afterEach(async () => {
	await screens.close();
	file.close();
});

describe('the thread of the screen models', () => {
	it('answers for many workers at once', async () => {
		open();
		for (let worker = 1; worker <= 5; worker++) file.output(`I am ${worker}\x1b[6n`, worker);
		const views = await Promise.all([1, 2, 3, 4, 5].map((worker) => screens.view(worker, 2)));
		expect(views.map(({ screen }) => screen.lines[0])).toEqual(['I am 1', 'I am 2', 'I am 3', 'I am 4', 'I am 5']);
		expect(await screens.cursor(3, file.row(3).outputBytes, 2)).toEqual({ x: 6, y: 0 });
		expect(await screens.snapshot(4, 2)).toMatchObject({ seq: 2, cols: 80, rows: 24 });
	});

	it('rejects what it is asked about an unknown worker and goes on', async () => {
		open();
		await expect(screens.snapshot(77, 1)).rejects.toThrow('no log');
		file.output('here');
		expect((await screens.snapshot(1, 2)).data).toContain('here');
		expect(faults).toEqual([]);
	});

	it('catches up by itself once a flood is over, so that the next one who asks does not wait', async () => {
		open();
		file.output('begin');
		await screens.snapshot(1, 2);
		file.output('flooding\r\n'.repeat(200_000));
		screens.advanced(1, 3);
		await until('a checkpoint is saved', () => saved.length > 0);
		expect(saved[0]!.seq).toBe(3);
	});

	it('starts only when somebody asks, and puts its models away at the end', async () => {
		open(new URL('file:///nowhere/screen-thread.js'));
		screens.advanced(1, 1);
		await screens.close();
		expect(faults).toEqual([]);
		open();
		file.output('kept');
		await screens.snapshot(1, 2);
		await screens.close();
		expect(saved).toMatchObject([{ seq: 2, data: expect.stringContaining('kept') }]);
		await expect(screens.snapshot(1, 2)).rejects.toThrow('closed');
	});

	it('comes back after it died: who asked is told, and who asks again is answered', async () => {
		const entry = join(dirname(file.path), 'dies-once.mjs');
		const mark = JSON.stringify(join(dirname(file.path), 'died'));
		writeFileSync(
			entry,
			`import { existsSync, writeFileSync } from 'node:fs';
			if (!existsSync(${mark})) { writeFileSync(${mark}, ''); throw new Error('dies'); }
			await import(${JSON.stringify(ENTRY.href)});`
		);
		open(new URL(`file://${entry}`));
		file.output('still here');
		await expect(screens.snapshot(1, 2)).rejects.toThrow('dies');
		expect(faults.map(({ message }) => message)).toEqual(['dies']);
		expect((await screens.snapshot(1, 2)).data).toContain('still here');
	});
});
