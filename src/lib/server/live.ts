/**
 * The one running app of this process. It lives on `globalThis`, so that a module reloaded in development finds the app
 * that runs instead of making a second one, and so that the command line can reach into SvelteKit's bundle.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { createApp, type App } from './app';
import { createFrontDoor, type FrontDoor } from './auth/front-door';
import { signInLink } from './auth/sign-in-links';
import { isLoopback, readConfig, type ServerConfig } from './config';
import packageJson from '../../../package.json' with { type: 'json' };

export interface Live {
	readonly app: App;
	readonly config: ServerConfig;
	/** Whatever serves HTTP asks it first. */
	readonly door: FrontDoor;
	handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
	/** Says that the server listens, and how to get in. Waits for the runner. */
	listening(port: number): Promise<{ url: string; apiKey: string; link: string | null; runnerPid: number | null }>;
	/** Takes no more from sockets, and tells their clients to come back. */
	stopTaking(): void;
	/** Lets go of everything else, once requests under way have ended. */
	close(): void;
}

const KEY = Symbol.for('coppice.live');

/** The running app; made at the first call. */
export function live(): Promise<Live> {
	const holder = globalThis as { [KEY]?: Promise<Live> };
	return (holder[KEY] ??= start());
}

async function start(): Promise<Live> {
	const config = readConfig(process.env, process.env.COPPICE_ROOT ?? process.cwd(), packageJson.version);
	const app = createApp(config, process.env);
	const serverFile = join(config.home, 'server.json');

	return {
		app,
		config,
		door: createFrontDoor(config),
		handleUpgrade: (request, socket, head) => app.gateway.handleUpgrade(request, socket, head),
		async listening(port) {
			const url = addressOf(config.host, port);
			const runnerPid = await app.runnerPid();
			writeFileSync(serverFile, JSON.stringify({ url, pid: process.pid }), { mode: 0o600 });
			const link = config.auth === 'none' ? null : signInLink(app.auth.links, url).url;
			return { url, apiKey: app.auth.apiKey, link, runnerPid };
		},
		stopTaking() {
			if (isOwn(serverFile)) rmSync(serverFile, { force: true });
			app.gateway.close();
		},
		close: () => app.close()
	};
}

/** Whether this process wrote it: another server may serve the same home by now. */
function isOwn(serverFile: string): boolean {
	try {
		return (JSON.parse(readFileSync(serverFile, 'utf8')) as { pid: number }).pid === process.pid;
	} catch {
		return false;
	}
}

/** As a browser on this machine reaches it. */
function addressOf(host: string, port: number): string {
	if (isLoopback(host)) return `http://${host === '::1' ? '[::1]' : host}:${port}`;
	const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
	return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
