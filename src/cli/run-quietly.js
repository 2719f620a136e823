/** Runs a program whose output is of interest only when it fails. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 * @returns {string | null} all that it wrote, in order, when it failed; null when it did not
 */
export function runQuietly(command, args, cwd) {
	const folder = mkdtempSync(join(tmpdir(), 'coppice-run-'));
	const file = join(folder, 'output');
	// One file for both streams, so that what was said stays in order, however much it is.
	const output = openSync(file, 'w');
	try {
		const { status, error } = spawnSync(command, args, { cwd, stdio: ['ignore', output, output] });
		if (status === 0) return null;
		return readFileSync(file, 'utf8') + (error ? `${error.message}\n` : '');
	} finally {
		closeSync(output);
		rmSync(folder, { recursive: true, force: true });
	}
}
