import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { runnerSpawner } from './spawn-runner';

let home: string;

beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'coppice-spawn-'))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

it('starts no second runner while the first one lives, and another once it has ended', async () => {
	const [entry, started] = [join(home, 'runner.mjs'), join(home, 'started')];
	writeFileSync(
		entry,
		`import { appendFileSync } from 'node:fs';
		appendFileSync(${JSON.stringify(started)}, process.pid + '\\n');
		setInterval(() => {}, 1000);`
	);
	writeFileSync(started, '');
	const pids = () => readFileSync(started, 'utf8').split('\n').filter(Boolean).map(Number);
	const spawn = runnerSpawner({ home, runnerEntry: entry }, process.env);
	spawn();
	spawn();
	await vi.waitFor(() => expect(pids()).toHaveLength(1), 10_000);
	process.kill(pids()[0]!, 'SIGKILL');
	await vi.waitFor(() => {
		spawn();
		expect(pids()).toHaveLength(2);
	}, 10_000);
	process.kill(pids()[1]!, 'SIGKILL');
});
