import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Screen } from '../../src/lib/protocol/event';
import { openTerminal } from '../../src/runner/screen/headless-terminal';
import { launch, type RunnerClient, shell, type RunnerProcess } from '../support/runner-process';
import { useRunner } from '../support/use-runner';
import { draw, readLog, stateOf, terminalOf } from '../support/screens';
import { until } from '../support/until';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

let runner: RunnerProcess;
let client: RunnerClient;

useRunner((started) => ({ runner, client } = started));

async function snapshotOf(workerId: string) {
	const follow = await client.follow(workerId, { after: null });
	const snapshot = await until('the snapshot comes', () => follow.snapshots[0]);
	follow.leave();
	return snapshot;
}

async function screenOf(workerId: string): Promise<{ screen: Screen; ansi: string }> {
	return client.request({ type: 'screen', workerId });
}

/** What the log itself makes of a terminal, up to where it is now. */
async function drawnLog(workerId: string) {
	return draw(openTerminal(80, 24), readLog(runner.home, workerId));
}

describe('a snapshot', () => {
	it('brings back a full-screen program with its modes, and below it what was there before', async () => {
		const spec = shell(`echo before; "$NODE" "$PROGRAM"; echo after; cat`, {
			env: { NODE: process.execPath, PROGRAM: fixture('full-screen.mjs') }
		});
		await client.start(spec);
		const follow = await client.follow(spec.workerId);
		await follow.whenText('~ bottom');
		const inside = await terminalOf(await snapshotOf(spec.workerId));
		expect(stateOf(inside)).toEqual(stateOf(await drawnLog(spec.workerId)));
		expect(stateOf(inside)).toMatchObject({
			...{ type: 'alternate', cursor: { x: 6, y: 2 }, margins: [1, 19], hidden: true, mouse: 'SGR' },
			modes: { applicationCursorKeysMode: true, bracketedPasteMode: true, mouseTrackingMode: 'drag' }
		});
		expect((await screenOf(spec.workerId)).screen).toMatchObject({ alternate: true, cols: 80, rows: 24 });

		client.input(spec.workerId, 'q');
		await follow.whenText('after');
		const outside = await terminalOf(await snapshotOf(spec.workerId));
		expect(stateOf(outside)).toEqual(stateOf(await drawnLog(spec.workerId)));
		expect(stateOf(outside)).toMatchObject({ type: 'normal', hidden: false, modes: { mouseTrackingMode: 'none' } });
		const { screen, ansi } = await screenOf(spec.workerId);
		expect(screen).toMatchObject({ alternate: false, cursor: { x: 0, y: 2 } });
		expect(screen.lines.slice(0, 2)).toEqual(['before', 'after']);
		expect(ansi).toContain('before\r\nafter');
		await client.stop(spec.workerId);
	});

	it('wraps lines anew when the terminal was resized', async () => {
		const spec = shell(`seq -s- 1 60; echo; cat`);
		await client.start(spec);
		const follow = await client.follow(spec.workerId);
		await follow.whenText('60');
		for (const [cols, rows] of [
			[30, 10],
			[132, 40],
			[51, 7]
		] as const) {
			await client.request({ type: 'resize', workerId: spec.workerId, cols, rows, clientId: null });
			client.input(spec.workerId, `at ${cols}\n`);
			await follow.whenText(`at ${cols}\r\nat ${cols}`);
		}
		const snapshot = await snapshotOf(spec.workerId);
		expect(snapshot).toMatchObject({ cols: 51, rows: 7 });
		expect(stateOf(await terminalOf(snapshot))).toEqual(stateOf(await drawnLog(spec.workerId)));
		await client.stop(spec.workerId);
	});

	it('after 10 MB shows what a terminal shows that drew them all', async () => {
		const line = '\\033[3%dm%08d ─ größer €%s\\033[m\\n';
		const spec = shell(
			`awk 'BEGIN { for (i = 0; i < 200000; i++) printf "${line}", i % 8, i, substr("abcdefghijklmnopqrstuvwxyz", i % 20) }'`
		);
		await client.start(spec);
		const follow = await client.follow(spec.workerId);
		await follow.whenEvent('exited', 30_000);
		const asked = performance.now();
		const snapshot = await snapshotOf(spec.workerId);
		const took = performance.now() - asked;
		expect(follow.bytes).toBeGreaterThan(7_000_000);
		const terminal = await terminalOf(snapshot);
		expect(terminal.buffer.active.length).toBe(5000 + 24);
		expect(stateOf(terminal)).toEqual(stateOf(await drawnLog(spec.workerId)));
		expect(took).toBeLessThan(5000);
	});

	it('taken in a flood, with the rest of the log after it, is the whole', async () => {
		const spec = shell(
			`awk 'BEGIN { for (i = 0; i < 40000; i++) printf "€€€ %d \\033[1;3%dmüü\\033[m", i, i % 8 }'; echo; echo done`
		);
		await client.start(spec);
		const snapshots = [];
		for (let count = 0; count < 4; count++) snapshots.push(await snapshotOf(spec.workerId));
		await client.whenState(spec.workerId, 'exited', 30_000);
		const log = readLog(runner.home, spec.workerId);
		const whole = stateOf(await drawnLog(spec.workerId));
		for (const snapshot of snapshots) {
			expect(stateOf(await draw(await terminalOf(snapshot), log, snapshot.seq))).toEqual(whole);
		}
	});

	it('leaves the terminals of others quick while output floods', async () => {
		const flood = shell('yes "flood of text that somebody watches"');
		const other = launch(['/bin/cat']);
		await client.start(flood);
		await client.start(other);
		const follow = await client.follow(other.workerId);
		await snapshotOf(flood.workerId);
		const times: number[] = [];
		for (let count = 0; count < 20; count++) {
			const asked = performance.now();
			const snapshot = count % 5 === 0 ? snapshotOf(flood.workerId) : null;
			client.input(other.workerId, `echo${count};\n`);
			await follow.whenText(`echo${count};\r\necho${count};`);
			times.push(performance.now() - asked);
			await snapshot;
		}
		times.sort((a, b) => a - b);
		expect(times[Math.floor(times.length / 2)]).toBeLessThan(500);
		await client.stop(flood.workerId);
		await client.stop(other.workerId);
	});
});

describe('a program that asks its terminal', () => {
	const ask = (questions: string) =>
		launch([process.execPath, fixture('ask-terminal.mjs'), Buffer.from(questions).toString('base64')]);

	it('is answered once and in order, watched by nobody or by two', async () => {
		const questions = '\x1b]7501;?\x07\x1b[c\x1b[>q\x1b]11;?\x1b\\\x1b[?2004h\x1b[?2004$p';
		const answers =
			'\x1b]7501;?\x07\x1b[?1;2c\x1bP>|xterm.js(6.0.0)\x1b\\\x1b]11;rgb:0d0d/1010/0e0e\x1b\\\x1b[?2004;1$y';
		for (const viewers of [0, 2]) {
			const spec = ask(questions);
			await client.start(spec);
			for (let count = 0; count < viewers; count++) await client.follow(spec.workerId, { after: null });
			await client.whenState(spec.workerId, 'exited');
			const { text } = await client.follow(spec.workerId).then(async (follow) => {
				await follow.whenEvent('exited');
				return follow;
			});
			expect(text).toContain(`answers ${JSON.stringify(answers)}.`);
		}
	});

	it('learns where the cursor was at each question, though it moved on at once', async () => {
		const spec = ask('\x1b[2J\x1b7\x1b[5;9H\x1b[6n\x1b[999;999H\x1b[6n\x1b8\x1b[?6nmore');
		await client.start(spec);
		await client.whenState(spec.workerId, 'exited');
		const follow = await client.follow(spec.workerId);
		await follow.whenEvent('exited');
		expect(follow.text).toContain(`answers ${JSON.stringify('\x1b[5;9R\x1b[24;80R\x1b[?1;1R')}.`);
	});
});
