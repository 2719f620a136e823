/** `npm test`: installs what tests need, then every check of the project in order; ends at the first that fails. */
import { spawnSync } from 'node:child_process';
import { ROOT, ensureBuilt, ensureInstalled, requireNode } from '../src/cli/prepare.js';
import { ensureBrowser } from './support/browser.js';

/** @type {[name: string, command: string, ...args: string[]][]} */
const CHECKS = [
	['Generated types', 'svelte-kit', 'sync'],
	['Formatting', 'prettier', '--check', '--log-level', 'warn', '.'],
	['Lint and layers', 'eslint', '--max-warnings', '0', '.'],
	['Types', 'svelte-check', '--fail-on-warnings', '--output', 'human-verbose'],
	['Unused code', 'knip'],
	['Unit tests', 'vitest', 'run', '--project', 'unit'],
	['Integration and fault tests', 'vitest', 'run', '--project', 'integration'],
	['Browser tests', 'playwright', 'test']
];

requireNode();
ensureInstalled();
ensureBrowser();
ensureBuilt();
const times = [];
for (const [name, command, ...args] of CHECKS) {
	console.log(`\n── ${name}`);
	const startedAt = Date.now();
	const { status } = spawnSync('npx', ['--no-install', command, ...args], {
		cwd: ROOT,
		stdio: ['ignore', 'inherit', 'inherit']
	});
	times.push(`${((Date.now() - startedAt) / 1000).toFixed(1).padStart(7)} s  ${name}`);
	if (status === 0) continue;
	console.error(`\n${name}: failed.\nChecks: ${times.length - 1} passed, 1 failed`);
	process.exit(1);
}
console.log(`\n${times.join('\n')}\n\nChecks: ${times.length} passed, 0 failed`);
