/** Commands to a console that runs, found by what it wrote in COPPICE_HOME. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stopRunner } from './runner-shutdown.js';

/** A little more than it gives the requests under way. */
const STOP_MS = 8_000;

const home = process.env.COPPICE_HOME || join(homedir(), '.coppice');

export async function printLink() {
	const response = await ask('POST', '/api/auth/link');
	const { url } = /** @type {{ url: string }} */ (await response.json());
	console.log(url);
}

export async function printStatus() {
	const server = readServer();
	const response = server && (await ask('GET', '/api/hosts').catch(() => null));
	if (!server || !response?.ok) {
		console.log(`No console runs for ${home}.`);
		process.exitCode = 1;
		return;
	}
	console.log(`The console serves on ${server.url} (process ${server.pid}).`);
	for (const host of /** @type {import('../lib/protocol/app-socket').Host[]} */ (await response.json())) {
		console.log(
			host.online ? `The runner on ${host.name} answers (process ${host.runnerPid}).` : `${host.name}: ${host.problem}`
		);
	}
}

/** @param {{ all: boolean }} options */
export async function stop({ all }) {
	const server = readServer();
	const answers = server && (await ask('GET', '/api/health').catch(() => null));
	if (server && answers?.ok) {
		process.kill(server.pid, 'SIGTERM');
		// While it lives it would start another runner in place of one that ends.
		await gone(server.pid);
		console.log('The console has stopped.');
	} else console.log('No console runs.');
	if (!all) return;
	console.log(
		(await stopRunner(join(home, 'runner.sock'))) ? 'The runner and its workers have ended.' : 'No runner runs.'
	);
}

/**
 * Waits until a process has ended, but not for ever: one that nobody collects stays in the list.
 * @param {number} pid
 */
async function gone(pid) {
	const deadline = Date.now() + STOP_MS;
	while (isAlive(pid) && Date.now() < deadline) await delay(20);
}

/** @param {number} pid */
export function isAlive(pid) {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

/** @returns {{ url: string, pid: number } | null} what a console of this home wrote when it began to serve */
export function readServer() {
	try {
		return JSON.parse(readFileSync(join(home, 'server.json'), 'utf8'));
	} catch {
		return null;
	}
}

/**
 * @param {string} method
 * @param {string} path
 */
async function ask(method, path) {
	const server = readServer();
	if (!server) throw fail(`No console runs for ${home}. Start one with \`coppice start\`.`);
	const key = readFileSync(join(home, 'api-key'), 'utf8').trim();
	const response = await fetch(new URL(path, server.url), { method, headers: { authorization: `Bearer ${key}` } });
	if (!response.ok) throw fail(`The console at ${server.url} answered ${response.status}.`);
	return response;
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
	console.error(message);
	process.exit(1);
}
