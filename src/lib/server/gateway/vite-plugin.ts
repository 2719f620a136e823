import type { Plugin } from 'vite';
import type * as LiveModule from '../live';

/** Puts the front door and the sockets into the development server, with the same modules that its pages use. */
export function gatewayPlugin(): Plugin {
	return {
		name: 'coppice-gateway',
		apply: 'serve',
		// Nothing is answered before the door is asked.
		enforce: 'pre',
		configureServer(vite) {
			process.env.COPPICE_ROOT ??= vite.config.root;
			const loadLive = async () => ((await vite.ssrLoadModule('/src/lib/server/live.ts')) as typeof LiveModule).live();

			vite.middlewares.use((request, response, next) => {
				loadLive().then((live) => {
					if (live.door.admit(request, response)) next();
				}, next);
			});
			vite.httpServer?.on('upgrade', (request, socket, head) => {
				// Vite answers its own reload socket; nothing answers any other.
				if (request.headers['sec-websocket-protocol']?.startsWith('vite')) return;
				loadLive().then(
					(live) => live.handleUpgrade(request, socket, head),
					() => socket.destroy()
				);
			});
			vite.httpServer?.once('listening', async () => {
				const address = vite.httpServer?.address();
				if (!address || typeof address === 'string') return;
				const { link } = await (await loadLive()).listening(address.port);
				if (link) vite.config.logger.info(`  Sign in once, within 10 minutes: ${link}`);
			});
		}
	};
}
