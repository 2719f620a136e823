import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

export default defineConfig({
	plugins: [sveltekit()],
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
