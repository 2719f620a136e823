import { rmSync } from 'node:fs';
import node from '@sveltejs/adapter-node';

/**
 * Leaves out the server that the adapter writes: it would listen on every address, and take no sockets. `coppice start` has
 * its own.
 * @returns {import('@sveltejs/kit').Adapter}
 */
function handlerOnly() {
	const adapter = node();
	return {
		...adapter,
		async adapt(builder) {
			await adapter.adapt(builder);
			for (const file of ['index.js', 'index.js.map']) rmSync(`build/${file}`, { force: true });
		}
	};
}

/** @type {import('@sveltejs/kit').Config} */
export default {
	compilerOptions: { runes: true },
	kit: {
		adapter: handlerOnly(),
		// The server checks Origin itself, for requests and sockets alike: src/lib/server/auth.
		csrf: { trustedOrigins: ['*'] },
		output: { bundleStrategy: 'split' },
		typescript: {
			config(tsconfig) {
				tsconfig.include.push('../bench/**/*', '../*.config.ts');
				return tsconfig;
			}
		},
		csp: {
			mode: 'auto',
			directives: {
				'default-src': ['self'],
				'script-src': ['self'],
				'style-src': ['self', 'unsafe-inline'],
				'img-src': ['self', 'data:', 'blob:'],
				'font-src': ['self', 'data:'],
				'connect-src': ['self'],
				'object-src': ['none'],
				'base-uri': ['none'],
				'form-action': ['self'],
				'frame-ancestors': ['none']
			}
		}
	}
};
