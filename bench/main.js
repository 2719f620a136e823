/** `npm run bench`: measures the built console beside two references, in one run. See README.md. */
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';
import { ensureBuilt, ensureInstalled, requireNode } from '../src/cli/prepare.js';

requireNode();
ensureInstalled();
ensureBuilt();
const { module } = await runnerImport(fileURLToPath(new URL('run.ts', import.meta.url)), {
	configFile: false,
	logLevel: 'error'
});
await module.run();
process.exit(0);
