/** `npm test`: installs what tests need, then every check of the project in order; ends at the first that fails. */
import { spawnSync } from 'node:child_process';
import { ROOT, ensureBuilt, ensureInstalled, requireNode } from '../src/cli/prepare.js';
import { installAgents } from './real-agents/install.js';
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
	['Browser tests', 'playwright', 'test'],
	['Real agents', 'vitest', 'run', '--project', 'real-agents']
];

requireNode();
ensureInstalled();
ensureBrowser();
ensureBuilt();
/** Why a check can't be made here, by its name. */
const impossible = new Map();
const agents = installAgents();
if (agents.problem !== null) impossible.set('Real agents', agents.problem);

const lines = [];
const counts = { passed: 0, failed: 0, skipped: 0 };
for (const [name, command, ...args] of CHECKS) {
	if (impossible.has(name)) {
		counts.skipped++;
		lines.push(`   skipped  ${name}: ${impossible.get(name)}`);
		continue;
	}
	console.log(`\n── ${name}`);
	const startedAt = Date.now();
	const { status } = spawnSync('npx', ['--no-install', command, ...args], {
		cwd: ROOT,
		stdio: ['ignore', 'inherit', 'inherit']
	});
	lines.push(`${((Date.now() - startedAt) / 1000).toFixed(1).padStart(8)} s  ${name}`);
	if (status === 0) {
		counts.passed++;
		continue;
	}
	counts.failed++;
	console.error(`\n${name}: failed.`);
	break;
}
console.log(
	`\n${lines.join('\n')}\n\nChecks: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`
);
process.exit(counts.failed === 0 ? 0 : 1);
