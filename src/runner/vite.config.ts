import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The runner is a program of its own: one file for each of its threads, native modules left outside. */
export default defineConfig({
	root: at('.'),
	resolve: { alias: { $lib: at('../lib') } },
	build: {
		ssr: true,
		target: 'node20',
		outDir: at('../../build/runner'),
		emptyOutDir: true,
		sourcemap: true,
		rollupOptions: {
			input: {
				main: at('main.ts'),
				'writer-thread': at('log/writer-thread.ts'),
				'reader-thread': at('log/reader-thread.ts'),
				'screen-thread': at('screen/screen-thread.ts'),
				'agent-hook': at('agent-hook.ts')
			}
		}
	}
});
