import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';
import { gatewayPlugin } from './src/lib/server/gateway/vite-plugin.ts';

export default defineConfig({
	plugins: [sveltekit(), gatewayPlugin()],
	server: { host: process.env.HOST || '127.0.0.1', port: Number(process.env.PORT) || 4310 },
	ssr: {
		// CommonJS with named exports, which Node can't import by name.
		noExternal: [/^@xterm\//]
	},
	optimizeDeps: {
		// Found late, each of these would reload the first page.
		include: [
			'@xterm/xterm',
			'@xterm/addon-fit',
			'@xterm/addon-search',
			'@xterm/addon-unicode11',
			'@xterm/addon-web-links',
			'@xterm/addon-webgl'
		]
	}
});
