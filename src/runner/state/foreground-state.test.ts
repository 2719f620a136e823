import { afterEach, describe, it } from 'vitest';
import { openPty, type Pty } from '../pty/pty';
import { until } from '../../../tests/support/until';
import { createStateTracker, type StateTracker } from './worker-state';

let terminal: Pty;
let tracker: StateTracker | null = null;
let ended: Promise<void>;
const states: string[] = [];

function startShell(command: [string, ...string[]]): void {
	states.length = 0;
	let end!: () => void;
	ended = new Promise((resolve) => (end = resolve));
	terminal = openPty({
		argv: command,
		env: { PATH: process.env.PATH!, PS1: '$ ', TERM: 'xterm-256color' },
		cwd: '/tmp',
		cols: 80,
		rows: 24,
		onOutput: (bytes) => tracker?.output(bytes.length),
		onExit: () => end()
	});
	tracker = createStateTracker({
		stateFrom: 'foreground',
		pid: terminal.pid,
		onChange: ({ state }) => states.push(state)
	});
}

function type(text: string): void {
	tracker!.input();
	terminal.write(Buffer.from(text));
}

afterEach(async () => {
	tracker?.close();
	process.kill(terminal.pid, 'SIGKILL');
	await ended;
});

describe('a shell', () => {
	const becomes = (...expected: string[]) =>
		until(`the shell was ${expected.join(', ')}`, () => states.join() === expected.join());

	it('works while a job of its own has the terminal, and is idle otherwise', async () => {
		startShell(['/bin/bash', '--norc', '-i']);
		await becomes('idle');
		type('cat\n');
		await becomes('idle', 'working');
		type('\x04');
		await becomes('idle', 'working', 'idle');
	});

	it('works for a silent job, and is idle when that is stopped', async () => {
		startShell(['/bin/bash', '--norc', '-i']);
		await becomes('idle');
		type('sleep 60\n');
		await becomes('idle', 'working');
		type('\x1a');
		await becomes('idle', 'working', 'idle');
		type('kill %1\n');
	});

	it('is idle with a job in the background', async () => {
		startShell(['/bin/bash', '--norc', '-i']);
		await becomes('idle');
		type('sleep 60 & echo started\n');
		type('kill %1; cat\n');
		await becomes('idle', 'working');
	});
});
