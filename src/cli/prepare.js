/** Makes a fresh clone ready to run: dependencies installed, everything built. Does nothing when it is. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runQuietly } from './run-quietly.js';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const SOURCES = ['src', 'static', 'svelte.config.js', 'vite.config.ts', 'package-lock.json'];

/** Ends the process with advice when this Node is too old. */
export function requireNode() {
	const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
	if (major > 20 || (major === 20 && minor >= 19)) return;
	console.error(`Coppice needs Node 20.19 or newer; this is ${process.version}.`);
	process.exit(1);
}

/** Installs what package-lock.json names, when it is not what is installed. Native parts depend on Node's version too. */
export function ensureInstalled() {
	const lock = join(ROOT, 'package-lock.json');
	if (!existsSync(lock)) return;
	const stampFile = join(ROOT, 'node_modules/.coppice-installed');
	const stamp = createHash('sha256').update(readFileSync(lock)).update(process.versions.modules).digest('hex');
	if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
	console.log('Installing dependencies. The native ones are compiled, which takes a minute or two.');
	run('npm', ['ci', '--no-audit', '--no-fund'], 'Installing failed. Compiling needs python3, make and a C++ compiler.');
	writeFileSync(stampFile, stamp);
}

/** Builds when a source is newer than the build. */
export function ensureBuilt() {
	if (!existsSync(join(ROOT, 'vite.config.ts'))) return;
	const stampFile = join(ROOT, 'build/.built');
	const builtAt = existsSync(stampFile) ? statSync(stampFile).mtimeMs : 0;
	if (SOURCES.every((path) => newestIn(join(ROOT, path)) <= builtAt)) return;
	console.log('Building. This takes half a minute.');
	// Sources that change during the build are newer than a stamp of its beginning.
	const startedAt = new Date();
	run('npm', ['run', '--silent', 'build'], 'Building failed.');
	writeFileSync(stampFile, startedAt.toISOString());
}

/**
 * @param {string} path
 * @returns {number} milliseconds since 1970
 */
function newestIn(path) {
	if (!existsSync(path)) return 0;
	const stat = statSync(path);
	if (!stat.isDirectory()) return stat.mtimeMs;
	return readdirSync(path).reduce((newest, name) => Math.max(newest, newestIn(join(path, name))), stat.mtimeMs);
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} failure
 */
function run(command, args, failure) {
	const output = runQuietly(command, args, ROOT);
	if (output === null) return;
	process.stderr.write(output);
	console.error(failure);
	process.exit(1);
}
