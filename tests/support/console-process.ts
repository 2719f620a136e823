import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stopRunner } from '../../src/cli/runner-shutdown.js';
import { ReadyFile } from '../../src/lib/protocol/auth';
import { until } from './until';

const CLI = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

export interface ConsoleProcess {
	readonly home: string;
	readonly url: string;
	readonly token: string;
	readonly pid: number;
	readonly runnerPid: number | null;
	/** Ends the web server with a signal and waits until it is gone; the runner stays. */
	end(signal: NodeJS.Signals): Promise<void>;
}

export interface ConsoleOptions {
	home?: string;
	/** 0, any free one, unless a page must find the server again after a restart. */
	port?: number;
	env?: Record<string, string>;
}

/** A throw-away COPPICE_HOME. */
export function makeHome(): string {
	return mkdtempSync(join(tmpdir(), 'coppice-home-'));
}

/** Beside a COPPICE_HOME, that of a user who has set up nothing: what shells and agents find in one's own is not tried. */
function userHomeOf(home: string): string {
	return join(dirname(home), `user-${basename(home).split('-').at(-1)}`);
}

/** Starts the built console as a person would, and waits until it serves. */
export async function startConsole({
	home = makeHome(),
	port = 0,
	env = {}
}: ConsoleOptions = {}): Promise<ConsoleProcess> {
	mkdirSync(userHomeOf(home), { recursive: true });
	const ownEnv = { HOME: userHomeOf(home), HOST: '', PORT: String(port), COPPICE_HOME: home };
	const readyFile = join(home, `ready-${Math.random().toString(36).slice(2)}.json`);
	const child = spawn(process.execPath, [CLI, 'start'], {
		stdio: ['ignore', 'pipe', 'pipe'],
		env: { ...process.env, ...ownEnv, COPPICE_READY_FILE: readyFile, ...env }
	});
	let output = '';
	child.stdout.on('data', (chunk) => (output += chunk));
	child.stderr.on('data', (chunk) => (output += chunk));

	const ready = await until('the console serves', () => {
		if (child.exitCode !== null) throw new Error(`The console ended at its start:\n${output}`);
		return readReady(readyFile);
	});
	return { home, ...ready, end: (signal) => end(child, signal) };
}

/** Ends a console, its runner and every worker, and removes the home. */
export async function removeConsole({ home, end, runnerPid }: ConsoleProcess): Promise<void> {
	await end('SIGTERM');
	await stopRunner(join(home, 'runner.sock'));
	await until('the runner has ended', () => !runnerPid || !isAlive(runnerPid));
	for (const folder of [home, userHomeOf(home)]) rmSync(folder, { recursive: true, force: true });
}

export function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

function readReady(file: string): ReadyFile | null {
	try {
		return ReadyFile.parse(JSON.parse(readFileSync(file, 'utf8')));
	} catch {
		return null;
	}
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const exited = new Promise((resolve) => child.once('exit', resolve));
	child.kill(signal);
	await exited;
}
