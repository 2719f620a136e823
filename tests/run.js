/** `npm test`: every check of the project in order, each with its time; ends at the first that fails. */
import { spawnSync } from 'node:child_process';
import { ROOT, ensureBuilt, ensureInstalled, requireNode } from '../src/cli/prepare.js';

/** @type {[name: string, command: string, ...args: string[]][]} */
const STEPS = [
	['Generated types', 'svelte-kit', 'sync'],
	['Formatting', 'prettier', '--check', '--log-level', 'warn', '.'],
	['Lint and layers', 'eslint', '.'],
	['Types', 'svelte-check', '--fail-on-warnings', '--output', 'human-verbose'],
	['Unused code', 'knip'],
	['Unit tests', 'vitest', 'run', '--project', 'unit'],
	['Integration and fault tests', 'vitest', 'run', '--project', 'integration'],
	['Browser tests', 'playwright', 'test']
];

requireNode();
ensureInstalled();
ensureBuilt();
const times = [];
for (const [name, command, ...args] of STEPS) {
	console.log(`\n── ${name}`);
	const startedAt = Date.now();
	const { status } = spawnSync('npx', ['--no-install', command, ...args], {
		cwd: ROOT,
		stdio: ['ignore', 'inherit', 'inherit']
	});
	times.push(`${((Date.now() - startedAt) / 1000).toFixed(1).padStart(7)} s  ${name}`);
	if (status !== 0) {
		console.error(`\n${name}: failed.`);
		process.exit(1);
	}
}
console.log(`\n${times.join('\n')}\n\nAll passed.`);
