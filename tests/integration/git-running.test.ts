import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseWorktrees } from '../../src/lib/server/git/list-worktrees';
import { askGit, gitEnvironment, runGit } from '../../src/lib/server/git/run-git';
import { makeFolder, makeRepository, type Repository } from '../support/repository';
import { until } from '../support/until';

/** A repository whose `git hooked` runs these lines. */
function withProgram(lines: string): Repository {
	const repository = makeRepository();
	const program = join(repository.path, 'program.sh');
	writeFileSync(program, `#!/bin/sh\n${lines}\n`);
	chmodSync(program, 0o755);
	repository.git('config', 'alias.hooked', `!${program}`);
	return repository;
}

function isRunning(pid: number): boolean {
	try {
		return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
	} catch {
		return false;
	}
}

describe('running git', () => {
	it('passes arguments as they are, never through a shell', async () => {
		const repository = makeRepository();
		const odd = '$(touch owned); `touch owned` "quoted" \\ *';
		await runGit({ cwd: repository.path, args: ['config', 'odd.value', odd], writes: true });
		expect(await askGit({ cwd: repository.path, args: ['config', 'odd.value'] })).toBe(odd);
		expect(existsSync(join(repository.path, 'owned'))).toBe(false);
	});

	it('ends git and all that it started when it takes too long', async () => {
		const { path } = withProgram('sleep 600 & echo $! > child; wait');
		const run = runGit({ cwd: path, args: ['hooked'], timeoutMs: 1000 });
		await expect(run).rejects.toMatchObject({ code: 'internal', message: expect.stringContaining('1000 ms') });
		const child = Number(readFileSync(join(path, 'child'), 'utf8'));
		await until('its child has ended', () => !isRunning(child));
	});

	it('ends it when nobody waits any more', async () => {
		const { path } = withProgram('echo $$ > child; exec sleep 600');
		const abort = new AbortController();
		const run = runGit({ cwd: path, args: ['hooked'], signal: abort.signal });
		const child = await until(
			'it runs',
			() => existsSync(join(path, 'child')) && readFileSync(join(path, 'child'), 'utf8')
		);
		abort.abort(new Error('Nobody waits'));
		await expect(run).rejects.toThrow('Nobody waits');
		await until('it has ended', () => !isRunning(Number(child)));
	});

	it('does not wait for a program that a hook leaves behind', async () => {
		const { path } = withProgram('sleep 600 & echo $! > child; echo said');
		const started = Date.now();
		expect(await runGit({ cwd: path, args: ['hooked'], timeoutMs: 60_000 })).toBe('said\n');
		expect(Date.now() - started).toBeLessThan(30_000);
		process.kill(Number(readFileSync(join(path, 'child'), 'utf8')), 'SIGKILL');
	});

	it('asks nobody: what needs a password fails at once', async () => {
		const { path } = makeRepository();
		const asked = join(path, 'asked');
		writeFileSync(join(path, 'askpass.sh'), `#!/bin/sh\ntouch ${asked}\nsleep 600\n`);
		chmodSync(join(path, 'askpass.sh'), 0o755);
		await runGit({ cwd: path, args: ['config', 'core.askPass', join(path, 'askpass.sh')], writes: true });
		const server = createServer((_, response) => {
			response.writeHead(401, { 'www-authenticate': 'Basic realm="closed"' }).end();
		}).listen(0, '127.0.0.1');
		await once(server, 'listening');
		const { port } = server.address() as AddressInfo;
		const run = runGit({ cwd: path, args: ['ls-remote', `http://127.0.0.1:${port}/x`], timeoutMs: 20_000 });
		await expect(run).rejects.toMatchObject({
			code: 'conflict',
			message: expect.stringMatching(/Authentication failed/)
		});
		expect(existsSync(asked)).toBe(false);
		server.close();
	});

	it('speaks English, pages nothing, and keeps of git’s variables only the user’s own', () => {
		const environment = gitEnvironment(
			{
				PATH: '/bin',
				LANG: 'de_DE.UTF-8',
				GIT_DIR: '/elsewhere',
				GIT_INDEX_FILE: '/elsewhere/index',
				GIT_CONFIG_COUNT: '1',
				GIT_TRACE: '1',
				GIT_PAGER: 'less',
				GIT_AUTHOR_NAME: 'Somebody',
				GIT_SSH_COMMAND: 'ssh -i key',
				COPPICE_HOME: '/secret',
				npm_config_token: 'secret',
				PORT: '4310'
			},
			false
		);
		expect(environment).toMatchObject({ LC_ALL: 'C', GIT_PAGER: 'cat', GIT_OPTIONAL_LOCKS: '0', PATH: '/bin' });
		expect(environment).toMatchObject({ GIT_AUTHOR_NAME: 'Somebody', GIT_SSH_COMMAND: 'ssh -i key' });
		for (const name of [
			'GIT_DIR',
			'GIT_INDEX_FILE',
			'GIT_CONFIG_COUNT',
			'GIT_TRACE',
			'COPPICE_HOME',
			'npm_config_token',
			'PORT'
		]) {
			expect(environment).not.toHaveProperty(name);
		}
		expect(gitEnvironment({}, true)).not.toHaveProperty('GIT_OPTIONAL_LOCKS');
	});

	it('says that a folder is gone instead of that git is missing', async () => {
		const run = runGit({ cwd: join(makeFolder(), 'gone'), args: ['status'] });
		await expect(run).rejects.toMatchObject({ code: 'path_not_found' });
	});
});

describe('the list of worktrees', () => {
	it('is read whole, with what git says of each', () => {
		const zeros = '0'.repeat(40);
		const output =
			`worktree /repo\0bare\0\0` +
			`worktree /with space\nand line\0HEAD abc\0branch refs/heads/feature/x\0locked reason\0\0` +
			`worktree /new\0HEAD ${zeros}\0detached\0prunable gitdir file points to nowhere\0\0`;
		const plain = { head: null, branch: null, bare: false, locked: false, prunable: false, main: false };
		expect(parseWorktrees(output)).toEqual([
			{ ...plain, path: '/repo', bare: true, main: true },
			{ ...plain, path: '/with space\nand line', head: 'abc', branch: 'feature/x', locked: true },
			{ ...plain, path: '/new', prunable: true }
		]);
	});
});
