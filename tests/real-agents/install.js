/**
 * Installs the agents of package.json, as its lock file names them, into a cache outside of what Coppice is made of. Run by
 * itself it says how that went: exit code 0, or 3 and the reason.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/real-agents', import.meta.url));
const TIMEOUT_MS = 5 * 60_000;

/**
 * @typedef {{ claude: string, codex: string, gemini: string, problem: null } | { problem: string }} InstalledAgents
 * @returns {InstalledAgents} their programs, or why there are none
 */
export function installAgents() {
	const lock = readFileSync(join(HERE, 'package-lock.json'), 'utf8');
	const stamp = join(CACHE, '.installed');
	if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
		mkdirSync(CACHE, { recursive: true });
		for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(HERE, name), join(CACHE, name));
		// Their install scripts only arrange what is found below anyway.
		const options = [
			'--ignore-scripts',
			'--no-audit',
			'--no-fund',
			'--prefer-offline',
			'--fetch-retries=1',
			'--loglevel=error'
		];
		const { status, stderr } = spawnSync('npm', ['ci', ...options], {
			cwd: CACHE,
			encoding: 'utf8',
			timeout: TIMEOUT_MS,
			// Said by the npm that runs these tests of its own package: not meant for this one.
			env: { ...process.env, npm_config_local_prefix: undefined }
		});
		if (status !== 0) {
			const reason = (stderr ?? '').replaceAll('npm error ', '').trim().split('\n').slice(0, 4).join(', ');
			return { problem: `npm could not install them: ${reason || 'it took too long'}` };
		}
		writeFileSync(stamp, lock);
	}
	const modules = join(CACHE, 'node_modules');
	const platform = readdirSync(join(modules, '@anthropic-ai')).find((name) => /^claude-code-\w+-\w+$/.test(name));
	if (!platform) return { problem: `Claude Code is not made for ${process.platform} on ${process.arch}` };
	return {
		claude: join(modules, '@anthropic-ai', platform, 'claude'),
		codex: join(modules, '.bin/codex'),
		gemini: join(modules, '.bin/gemini'),
		problem: null
	};
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const { problem } = installAgents();
	if (problem !== null) {
		console.error(problem);
		process.exitCode = 3;
	}
}
