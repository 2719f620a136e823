import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stopRunner } from '../../src/cli/runner-shutdown.js';
import { makeHome } from '../support/console-process';
import { until } from '../support/until';
import { openSocket } from '../support/worker-client';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const home = makeHome();
let vite: ChildProcess;
let url: string;
let token: string;

beforeAll(async () => {
	const script = join(ROOT, 'node_modules/vite/bin/vite.js');
	const env = { ...process.env, HOST: '', PORT: String(await freePort()), COPPICE_HOME: home };
	vite = spawn(process.execPath, [script, 'dev'], { cwd: ROOT, env, stdio: 'ignore' });
	({ url } = await until('the development server serves', () => {
		if (vite.exitCode !== null) throw new Error('The development server ended at its start.');
		return readServer();
	}));
	token = readFileSync(join(home, 'api-key'), 'utf8').trim();
});
afterAll(async () => {
	const ended = new Promise((resolve) => vite.once('exit', resolve));
	vite.kill('SIGTERM');
	await ended;
	await stopRunner(join(home, 'runner.sock'));
	rmSync(home, { recursive: true, force: true });
});

function readServer(): { url: string } | null {
	try {
		return JSON.parse(readFileSync(join(home, 'server.json'), 'utf8')) as { url: string };
	} catch {
		return null;
	}
}

function freePort(): Promise<number> {
	return new Promise((resolve) => {
		const server = createServer().listen(0, '127.0.0.1', () => {
			const address = server.address();
			server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
		});
	});
}

function statusOf(path: string, headers: Record<string, string> = {}): Promise<number> {
	return new Promise((resolve, reject) => {
		request(new URL(path, url), { headers }, (response) => {
			response.resume();
			resolve(response.statusCode!);
		})
			.on('error', reject)
			.end();
	});
}

function socketAnswer(headers: Record<string, string>): Promise<number | 'open'> {
	const socket = openSocket({ url, token }, '/ws/app', headers);
	return new Promise((resolve, reject) => {
		socket.on('unexpected-response', (_request, response) => resolve(response.statusCode!));
		socket.on('open', () => resolve('open'));
		socket.on('error', reject);
	}).finally(() => socket.terminate()) as Promise<number | 'open'>;
}

describe('the development server', () => {
	it('serves files, pages, REST and sockets to its own page and to programs', async () => {
		const key = { authorization: `Bearer ${token}`, origin: url };
		expect(await statusOf('/favicon.svg')).toBe(200);
		expect(await statusOf('/')).toBe(303);
		expect(await statusOf('/api/sessions', key)).toBe(200);
		expect(await socketAnswer({ origin: url })).toBe('open');
	});

	it('answers nothing of it to a page of another origin', async () => {
		const origin = 'http://evil.example';
		const key = { authorization: `Bearer ${token}`, origin };
		for (const path of ['/favicon.svg', '/src/app.css', '/', '/api/sessions', '/api/health']) {
			expect(await statusOf(path, key), path).toBe(403);
		}
		expect(await socketAnswer({ origin })).toBe(403);
	});

	it('answers nothing of it under a name that was made to point here', async () => {
		const host = 'rebound.example';
		for (const path of ['/favicon.svg', '/', '/api/health']) expect(await statusOf(path, { host }), path).toBe(403);
		expect(await socketAnswer({ host })).toBe(403);
	});
});
