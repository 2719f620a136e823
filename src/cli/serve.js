/** Serves the built console: pages and REST by SvelteKit's handler, sockets by the gateway, on one port. */
import { createServer } from 'node:http';
import { rmSync, writeFileSync } from 'node:fs';
import { ROOT } from './prepare.js';
import { isAlive, readServer } from './remote.js';

const PROTOCOL_HEADER = 'x-coppice-protocol';
const REQUEST_GRACE_MS = 5_000;

export async function serve() {
	// Read by SvelteKit's handler, which otherwise takes every request for https. Set here, so no client can choose it.
	process.env.PROTOCOL_HEADER = PROTOCOL_HEADER;
	// A message may have twenty images of 10 MB, which base64 makes a third larger.
	process.env.BODY_SIZE_LIMIT = '280M';
	process.env.COPPICE_ROOT = ROOT;
	// Meant for another server that was started from the same environment: it would say where sign-in links lead.
	for (const name of ['ORIGIN', 'HOST_HEADER', 'PORT_HEADER', 'ADDRESS_HEADER', 'XFF_DEPTH']) delete process.env[name];

	await refuseSecond();
	const { handler } = await import(new URL('../../build/handler.js', import.meta.url).href).catch(fail);
	/** @type {Promise<import('../lib/server/live').Live>} */
	const starting = Reflect.get(globalThis, Symbol.for('coppice.live'));
	const live = await starting.catch(fail);

	const server = createServer((request, response) => {
		if (!live.door.admit(request, response)) return;
		request.headers[PROTOCOL_HEADER] = 'http';
		handler(request, response);
	});
	server.on('upgrade', live.handleUpgrade);
	server.on('error', (error) => fail(explainListen(error, live.config)));
	server.listen(live.config.port, live.config.host, async () => {
		const address = server.address();
		if (!address || typeof address === 'string') throw new Error('Expected to listen on a port');
		await announce(live, address.port);
	});

	for (const signal of /** @type {const} */ (['SIGTERM', 'SIGINT'])) {
		process.once(signal, () => {
			const end = () => {
				live.close();
				process.exit(0);
			};
			live.stopTaking();
			server.close(end);
			server.closeIdleConnections();
			// Requests under way get a moment; workers don't notice either way.
			setTimeout(end, REQUEST_GRACE_MS).unref();
		});
	}
}

/** One console a home: two would tell each other nothing, and start each other's runner again. */
async function refuseSecond() {
	const server = readServer();
	if (!server || !isAlive(server.pid)) return;
	const answers = await fetch(new URL('/api/health', server.url)).catch(() => null);
	if (!answers?.ok) return;
	fail(new Error(`Coppice runs already for this home, on ${server.url}. \`npx coppice link\` prints a way in.`));
}

/**
 * @param {import('../lib/server/live').Live} live
 * @param {number} port
 */
async function announce(live, port) {
	const { url, apiKey, link, runnerPid } = await live.listening(port);
	const readyFile = process.env.COPPICE_READY_FILE;
	if (readyFile) {
		rmSync(readyFile, { force: true });
		writeFileSync(readyFile, JSON.stringify({ url, token: apiKey, pid: process.pid, runnerPid }), { mode: 0o600 });
	}
	console.log(
		link
			? `Coppice serves on ${url} · sign in once, within 10 minutes: ${link}`
			: `Coppice serves on ${url} · no sign-in is asked`
	);
}

/**
 * @param {NodeJS.ErrnoException} error
 * @param {{ host: string, port: number }} config
 */
function explainListen(error, { host, port }) {
	if (error.code === 'EADDRINUSE') {
		return new Error(`Port ${port} is taken, perhaps by a Coppice that runs already. Choose another with --port.`);
	}
	if (error.code === 'EADDRNOTAVAIL') return new Error(`${host} is not an address of this machine.`);
	return error;
}

/**
 * @param {Error} error
 * @returns {never}
 */
function fail(error) {
	console.error(error.message);
	process.exit(1);
}
