import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../../tests/support/until';
import { openPty, type Pty, type PtyExit } from './pty';

const opened: Pty[] = [];

afterEach(() => {
	for (const { pid } of opened.splice(0)) {
		try {
			process.kill(pid, 'SIGKILL');
		} catch {
			// It has ended.
		}
	}
});

interface Finished {
	bytes: number;
	text: string;
	exit: PtyExit;
	exits: number;
}

function launch(line: string) {
	const argv = ['/bin/sh', '-c', line] as const;
	return { argv, env: { PATH: process.env.PATH ?? '' }, cwd: '/', cols: 80, rows: 24 };
}

function run(line: string, onPty: (pty: Pty) => void = () => {}): Promise<Finished> {
	return new Promise((resolve) => {
		const result = { bytes: 0, text: '', exits: 0 };
		const pty = openPty({
			...launch(line),
			onOutput(bytes) {
				result.bytes += bytes.length;
				if (result.text.length < 1000) result.text += Buffer.from(bytes).toString('latin1');
			},
			onExit(exit) {
				result.exits++;
				// A second call would come in a later turn.
				setTimeout(() => resolve({ ...result, exit }), 20);
			}
		});
		opened.push(pty);
		onPty(pty);
	});
}

describe('openPty', () => {
	it('reads the last byte of a program that ends while much of its output is still unread', async () => {
		for (let round = 0; round < 20; round++) {
			const { bytes, exit } = await run(`head -c 300000 /dev/zero | tr '\\0' x`);
			expect(bytes).toBe(300_000);
			expect(exit).toEqual({ exitCode: 0, signal: null });
		}
	});

	it('gives everything before the end, however long reading was paused', async () => {
		let resumed = false;
		const { bytes, exits } = await run('printf 1234567890', (pty) => {
			pty.pause();
			// Longer than the silence that counts as the end.
			setTimeout(() => {
				resumed = true;
				pty.resume();
			}, 500);
		});
		expect(resumed).toBe(true);
		expect(bytes).toBe(10);
		expect(exits).toBe(1);
	});

	it('reads nothing while it is paused, and then goes on', async () => {
		let bytes = 0;
		const pty = openPty({
			...launch('yes'),
			onOutput: (chunk) => (bytes += chunk.length),
			onExit() {}
		});
		opened.push(pty);
		await until('it reads', () => bytes > 100_000);
		pty.pause();
		const whenPaused = bytes;
		// As long as another terminal, which is not paused, takes to be read twice as much.
		let others = 0;
		const other = openPty({ ...launch('yes'), onOutput: (chunk) => (others += chunk.length), onExit() {} });
		opened.push(other);
		await until('another is read', () => others > 200_000);
		expect(bytes).toBe(whenPaused);
		pty.resume();
		await until('it goes on', () => bytes > whenPaused + 100_000);
	});

	it('ends with the program although a background process keeps its terminal', async () => {
		const { text, exit, exits } = await run('(trap "" HUP; exec sleep 1000) & echo $!; sleep 0.05');
		const background = Number(text);
		// It still has the terminal: nothing but the program's own end ended the wait.
		expect(process.kill(background, 0)).toBe(true);
		process.kill(background, 'SIGKILL');
		expect(exit).toEqual({ exitCode: 0, signal: null });
		expect(exits).toBe(1);
	});

	it('tells the end of a program that let go of its terminal first', async () => {
		const { exit, exits } = await run('trap "" HUP; exec <&- >&- 2>&-; sleep 0.1; exit 7');
		expect(exit).toEqual({ exitCode: 7, signal: null });
		expect(exits).toBe(1);
	});

	it('passes what is typed, and the terminal’s size', async () => {
		const { text } = await run('stty -echo; read line; echo "got $line"; stty size', (pty) => {
			pty.resize(500, 200);
			// The terminal keeps it until the program reads.
			pty.write(Buffer.from('hello\n'));
		});
		expect(text).toContain('got hello');
		expect(text).toContain('200 500');
	});
});
