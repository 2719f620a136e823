import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../../../tests/support/until';
import { createDetector } from './detector';
import { detectVersion, findProgram } from './detect';
import { readUserPath } from './user-path';

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'coppice-detect-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(name: string, body: string, mode = 0o755): string {
	const file = join(folder, name);
	writeFileSync(file, `#!/bin/sh\n${body}\n`);
	chmodSync(file, mode);
	return file;
}

const env = { PATH: '/usr/bin:/bin', HOME: '/tmp' };
const versionOf = (file: string, timeoutMs = 5000) => detectVersion(file, { env, path: env.PATH, timeoutMs });
const find = (command: string, install: string | null = null) =>
	findProgram({ command, install }, { path: `${folder}/none:${folder}:relative`, hostName: 'oak' });

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
	} catch {
		return false;
	}
}

describe('finding a program', () => {
	it('looks for a name in each folder of the PATH, in order', async () => {
		const file = program('helper', '');
		expect(await find('helper')).toEqual({ path: file, problem: null });
	});

	it('takes an absolute path as it is', async () => {
		const file = program('helper', '');
		expect(await find(file)).toEqual({ path: file, problem: null });
		expect((await find(`${file}-gone`)).problem).toBe(`${file}-gone does not exist on oak.`);
	});

	it('passes over what can not be run: a folder, a file without the permission', async () => {
		mkdirSync(join(folder, 'directory'));
		const file = program('readable', '', 0o644);
		expect((await find('directory')).path).toBeNull();
		expect((await find('readable')).path).toBeNull();
		expect((await find(file)).problem).toBe(`${file} is not an executable file.`);
	});

	it('says where it looked and how to install it', async () => {
		expect((await find('helper', 'npm install -g helper')).problem).toBe(
			'helper was not found on oak. Install it: npm install -g helper'
		);
		expect((await find('helper')).problem).toContain("give the program's absolute path");
		expect((await find('../helper')).problem).toContain("neither a program's name");
	});
});

describe('asking for a version', () => {
	it.each([
		['2.1.329 (Claude Code)', '2.1.329'],
		['codex-cli 0.169.0', '0.169.0'],
		['v1.2.3-beta.1\nmore', '1.2.3-beta.1'],
		['helper, version 10.20', '10.20']
	])('reads %j', async (output, version) => {
		const found = await versionOf(program('helper', `printf '%s\\n' '${output}'`));
		expect(found).toEqual({ available: true, version, resolvedPath: join(folder, 'helper'), problem: null });
	});

	it.each(['echo hello', 'head -c 3000000 /dev/zero', 'exit 3', 'printf "\\377\\376"', 'kill -9 $$'])(
		'makes nothing of %j',
		async (body) => expect((await versionOf(program('helper', body))).version).toBeNull()
	);

	it('counts an agent that does not know the question as usable', async () => {
		expect(await versionOf(program('helper', 'echo "unknown option" >&2; exit 2'))).toMatchObject({
			available: true,
			problem: null
		});
	});

	it('says when the program can not be run at all', async () => {
		const file = join(folder, 'helper');
		writeFileSync(file, '#!/nowhere/interpreter\n', { mode: 0o755 });
		expect(await versionOf(file)).toMatchObject({ available: false, problem: expect.stringContaining("can't be run") });
	});

	it('gives up on one that hangs, and ends it with what it started', async () => {
		const file = program('helper', `sleep 1000 & echo $! >${folder}/child; echo $$ >${folder}/pid; wait`);
		const found = await versionOf(file, 500);
		expect(found).toMatchObject({ available: true, version: null, problem: expect.stringContaining('0.5 s') });
		for (const name of ['child', 'pid']) {
			const pid = Number(readFileSync(join(folder, name), 'utf8'));
			await until('it has ended', () => !isAlive(pid), 5000);
		}
	});

	it('gives it no input, no terminal and nothing of ours', async () => {
		const file = program('helper', 'cat; env >"$OUT"; tty >>"$OUT"');
		const secrets = { COPPICE_API_KEY: 'secret', npm_config_token: 'secret', PORT: 'secret' };
		const out = { OUT: join(folder, 'out'), HOST: 'the-agents-own' };
		await detectVersion(file, { env: { ...env, ...secrets }, added: out, path: env.PATH, timeoutMs: 5000 });
		const seen = readFileSync(join(folder, 'out'), 'utf8');
		expect(seen).toContain('not a tty');
		expect(seen).not.toContain('secret');
		expect(seen).toContain('HOST=the-agents-own');
	});
});

describe('looking again', () => {
	const definition = (command: string) => ({
		id: 'helper',
		name: 'Helper',
		mark: 'he',
		interfaces: ['terminal' as const],
		command,
		startArgs: [],
		continueArgs: [],
		chat: null,
		defaults: { permissionMode: null, interface: null },
		env: {},
		conversationId: { kind: 'unknown' as const },
		install: null
	});

	it('asks a program again only when it has changed', async () => {
		const count = join(folder, 'count');
		const file = program('helper', `echo x >>${count}; echo 1.0.0`);
		const detector = createDetector({ env, now: () => new Date(), hostName: 'oak' });
		await detector.look(definition(file));
		await detector.look(definition(file));
		expect(readFileSync(count, 'utf8')).toBe('x\n');
		program('helper', `echo x >>${count}; echo 2.0.0 newer`);
		await detector.look(definition(file));
		expect(detector.known('helper').version).toBe('2.0.0');
		rmSync(file);
		await detector.look(definition(file));
		expect(detector.known('helper')).toMatchObject({ available: false, resolvedPath: null });
	});

	it('lets the latest look win, in whatever order they end', async () => {
		const slow = program('slow', 'sleep 0.5; echo 1.0.0');
		const quick = program('quick', 'echo 2.0.0');
		const detector = createDetector({ env, now: () => new Date(), hostName: 'oak' });
		await Promise.all([detector.look(definition(slow)), detector.look(definition(quick))]);
		expect(detector.known('helper').version).toBe('2.0.0');
	});
});

describe("a person's PATH", () => {
	it("is the server's own, completed by the login shell's", async () => {
		const shell = program('shell', 'echo noise; PATH=/usr/bin:/opt/mine/bin; eval "$4"');
		expect(await readUserPath({ ...env, SHELL: shell })).toBe('/usr/bin:/bin:/opt/mine/bin');
	});

	it('is its own alone when the shell fails, or is none', async () => {
		expect(await readUserPath({ ...env, SHELL: program('shell', 'exit 1') })).toBe('/usr/bin:/bin');
		expect(await readUserPath({ ...env, SHELL: '/nowhere/shell' })).toBe('/usr/bin:/bin');
		expect(await readUserPath(env)).toBe('/usr/bin:/bin');
	});

	it('has no relative folders, and none that npm put there', async () => {
		const path = '/repo/node_modules/.bin:/usr/bin:.:bin:/opt/npm/node-gyp-bin';
		expect(await readUserPath({ PATH: path, npm_execpath: '/npm' })).toBe('/usr/bin');
		expect(await readUserPath({ PATH: '/repo/node_modules/.bin:/bin' })).toBe('/repo/node_modules/.bin:/bin');
	});
});
