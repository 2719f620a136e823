/** What the runner says about itself, in one file of bounded size. No output, no arguments, no environment: no secrets. */
import { appendFileSync, renameSync, statSync } from 'node:fs';

const MAX_BYTES = 1024 * 1024;
const MAX_LINE_LENGTH = 2000;

export interface RunnerLog {
	info(message: string): void;
	error(message: string, error?: unknown): void;
}

/** Appends to `path`; what was there moves to `path.1` when it grows too large. A line that can't be written is lost. */
export function openRunnerLog(path: string): RunnerLog {
	function write(level: string, message: string): void {
		const line = message.replaceAll('\n', ' ⏎ ').slice(0, MAX_LINE_LENGTH);
		try {
			if (sizeOf(path) > MAX_BYTES) renameSync(path, `${path}.1`);
			appendFileSync(path, `${new Date().toISOString()} ${process.pid} ${level} ${line}\n`, { mode: 0o600 });
		} catch {
			// A full disk must not end the runner.
		}
	}
	return {
		info: (message) => write('info', message),
		error: (message, error) => write('error', error === undefined ? message : `${message}: ${describe(error)}`)
	};
}

function sizeOf(path: string): number {
	return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function describe(error: unknown): string {
	return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
