import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const alias = { $lib: fileURLToPath(new URL('src/lib', import.meta.url)) };

export default defineConfig({
	resolve: { alias },
	test: {
		projects: [
			{
				resolve: { alias },
				// Properties try hundreds of inputs, on machines that do other things too.
				test: { name: 'unit', include: ['src/**/*.test.ts'], environment: 'node', testTimeout: 20_000 }
			},
			{
				resolve: { alias },
				test: {
					// Real processes, sockets and files, against what `npm run build` made.
					name: 'integration',
					include: ['tests/{integration,faults}/**/*.test.ts'],
					setupFiles: ['tests/support/remove-folders.ts'],
					environment: 'node',
					testTimeout: 60_000,
					hookTimeout: 60_000,
					fileParallelism: false
				}
			},
			{
				resolve: { alias },
				test: {
					// Agents as they are published, with a model of ours; skipped where they can't be installed.
					name: 'real-agents',
					include: ['tests/real-agents/*.test.ts'],
					environment: 'node',
					testTimeout: 60_000,
					hookTimeout: 60_000,
					fileParallelism: false
				}
			}
		]
	}
});
