import { createServer } from 'node:net';
import type { Agent } from '../../src/lib/protocol/agent';
import type { Project } from '../../src/lib/protocol/project';
import type { SessionPage } from '../../src/lib/protocol/session';
import { apiOf } from '../support/api';
import { removeConsole, startConsole, type ConsoleProcess } from '../support/console-process';

export interface TestConsole extends ConsoleProcess {
	api(method: string, path: string, body?: unknown): Promise<Response>;
	/** Starts the web server again after `end`, on the same port. */
	restart(): Promise<void>;
}

/** A console on a port that it keeps through restarts. */
export async function startTestConsole(): Promise<TestConsole> {
	const port = await freePort();
	const env = { SHELL: '/bin/bash', PS1: '$ ' };
	let running = await startConsole({ port, env });
	return {
		get home() {
			return running.home;
		},
		get url() {
			return running.url;
		},
		get token() {
			return running.token;
		},
		get pid() {
			return running.pid;
		},
		get runnerPid() {
			return running.runnerPid;
		},
		end: (signal) => running.end(signal),
		async restart() {
			running = await startConsole({ home: running.home, port, env });
		},
		api: (method, path, body) => apiOf(running).fetch(method, path, body)
	};
}

/** One console for all tests of a Playwright worker that share it, started with the first of them. */
export class SharedConsole {
	#started: Promise<TestConsole> | null = null;

	/** It holds nothing, as a new one. */
	async get(): Promise<TestConsole> {
		const console = await (this.#started ??= startTestConsole());
		const refuse = () => Promise.reject(new Error('A test that ends the server needs `ownConsole: true`.'));
		return { ...console, end: refuse, restart: refuse };
	}

	/**
	 * Takes away all that a test has made.
	 * @throws when it changed what can't be taken away
	 */
	async clear(): Promise<void> {
		const { json, fetch } = apiOf(await this.get());
		const remove = async (path: string) => {
			const { status } = await fetch('DELETE', path);
			if (status !== 204 && status !== 404) throw new Error(`DELETE ${path} answered ${status}`);
		};
		for (const archived of [false, true]) {
			const { items } = await json<SessionPage>('GET', `/api/sessions?archived=${archived}&limit=200`);
			for (const { id } of items) await remove(`/api/sessions/${id}`);
		}
		for (const { id } of await json<Project[]>('GET', '/api/projects')) await remove(`/api/projects/${id}`);
		for (const agent of await json<Agent[]>('GET', '/api/agents')) {
			if (!agent.builtIn) await remove(`/api/agents/${agent.id}`);
			else if (Object.keys(agent.env).length > 0) throw new Error(`A test left ${agent.id} changed.`);
		}
	}

	async close(): Promise<void> {
		if (this.#started) await removeConsole(await this.#started);
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
