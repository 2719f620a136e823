/**
 * node-pty's native half, without its JavaScript half. That half closes the terminal 200 ms after the child's exit, read or
 * not, and retries a full terminal's write in a busy loop; what we need of it is a fork with a controlling terminal.
 */
import { resolve } from 'node:path';
import { createRequire } from 'node:module';

interface NativePty {
	fork(
		file: string,
		args: readonly string[],
		env: readonly string[],
		cwd: string,
		cols: number,
		rows: number,
		uid: number,
		gid: number,
		utf8: boolean,
		helperPath: string,
		onExit: (exitCode: number, signal: number) => void
	): { fd: number; pid: number; pty: string };
	resize(fd: number, cols: number, rows: number): void;
}

const require = createRequire(import.meta.url);
const { loadNativeModule } = require('node-pty/lib/utils') as {
	loadNativeModule(name: string): { dir: string; module: NativePty };
};
const { dir, module: native } = loadNativeModule('pty');
/** Starts the child on macOS. */
const helperPath = resolve(require.resolve('node-pty/lib/utils'), '..', dir, 'spawn-helper');

export interface ForkOptions {
	readonly argv: readonly [string, ...string[]];
	readonly env: Readonly<Record<string, string>>;
	readonly cwd: string;
	readonly cols: number;
	readonly rows: number;
	/** `signal` is 0 when the process exited by itself. */
	onExit(exitCode: number, signal: number): void;
}

/** Starts a program on a new terminal, as leader of a new session; `fd` is the terminal's other end. */
export function forkPty({ argv: [file, ...args], env, cwd, cols, rows, onExit }: ForkOptions) {
	const pairs = Object.entries(env).map(([name, value]) => `${name}=${value}`);
	const { fd, pid } = native.fork(file, args, pairs, cwd, cols, rows, -1, -1, true, helperPath, onExit);
	return { fd, pid };
}

export function resizePty(fd: number, cols: number, rows: number): void {
	native.resize(fd, cols, rows);
}
