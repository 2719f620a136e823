import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { processesWith } from '../support/processes';
import {
	launch,
	makeRunnerHome,
	removeRunner,
	RunnerClient,
	shell,
	spawnRunnerProcess,
	startRunner
} from '../support/runner-process';
import { until } from '../support/until';

const COUNT = fileURLToPath(new URL('../fixtures/count.mjs', import.meta.url));
const COLLECT_GARBAGE = fileURLToPath(new URL('../fixtures/collect-garbage.mjs', import.meta.url));
const LINE_BYTES = 100;

/** Whether text is what `count.mjs` wrote from its first byte on, cut off anywhere. */
function isCountFromStart(text: string): boolean {
	for (let line = 0; line * LINE_BYTES < text.length; line++) {
		const expected = `${String(line).padStart(12, '0')} ${'.'.repeat(86)}\n`;
		const found = text.slice(line * LINE_BYTES, (line + 1) * LINE_BYTES);
		if (found !== expected.slice(0, found.length)) return false;
	}
	return true;
}

describe('a runner that is killed', () => {
	it('at any moment while programs write leaves whole logs, with all that anybody has seen', async () => {
		const specs = [1, 2].map(() => shell(`stty raw -echo; exec node ${COUNT}`));
		let runner = await startRunner();
		for (let round = 0; round < 4; round++) {
			const client = await RunnerClient.connect(runner.home);
			const before = new Map<string, number>();
			for (const spec of specs) {
				before.set(spec.workerId, (client.workers.get(spec.workerId)?.lastSeq as number | undefined) ?? 0);
				await client.start(spec);
			}
			const follows = await Promise.all(
				specs.map(({ workerId }) => client.follow(workerId, { after: before.get(workerId)! }))
			);
			await until('both write', () => follows.every(({ bytes }) => bytes > 100_000));
			const goal = follows[0]!.bytes + Math.random() * 2_000_000;
			await until('some more was written', () => follows[0]!.bytes > goal);
			await runner.end('SIGKILL');
			await until('the connection is gone', () => client.closed);

			runner = await startRunner(runner.home);
			const again = await RunnerClient.connect(runner.home);
			for (const [index, { workerId }] of specs.entries()) {
				expect(again.workers.get(workerId)).toMatchObject({ state: 'interrupted', pid: null });
				expect(processesWith(workerId)).toEqual([]);
				const seen = follows[index]!;
				const kept = await again.follow(workerId, { after: before.get(workerId)! });
				await kept.whenEvent('interrupted');
				expect([seen.fault, kept.fault]).toEqual([null, null]);
				expect(kept.bytes).toBeGreaterThanOrEqual(seen.bytes);
				expect(isCountFromStart(kept.text)).toBe(true);
			}
			again.close();
		}
		await removeRunner(runner);
	});
});

describe('runners that are started together', () => {
	it('leave one, twenty times over', async () => {
		const home = makeRunnerHome();
		for (let round = 0; round < 20; round++) {
			const racers = [spawnRunnerProcess(home), spawnRunnerProcess(home)];
			const loser = await until('one gives way', () => racers.find(({ child }) => child.exitCode !== null));
			expect(loser.child.exitCode).toBe(0);
			const winner = racers.find((racer) => racer !== loser)!;
			const client = await until('the other answers', () => RunnerClient.connect(home).catch(() => null));
			expect(client.runnerPid).toBe(winner.pid);
			client.close();
			await winner.end(round % 2 === 0 ? 'SIGKILL' : 'SIGTERM');
		}
		await removeRunner(await startRunner(home));
	});

	it('leave the one that has run for long', async () => {
		const runner = await startRunner(undefined, { NODE_OPTIONS: `--import=${COLLECT_GARBAGE}` });
		const client = await RunnerClient.connect(runner.home);
		const spec = launch(['/bin/sleep', '0']);
		await client.start(spec);
		await client.whenState(spec.workerId, 'exited');
		const late = spawnRunnerProcess(runner.home);
		await until('the late one gives way', () => late.child.exitCode !== null);
		expect(late.child.exitCode).toBe(0);
		client.close();
		await removeRunner(runner);
	});
});
