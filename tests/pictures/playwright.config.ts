/** Takes the pictures of the documents anew: `npx playwright test --config tests/pictures/playwright.config.ts`. */
import { defineConfig } from '@playwright/test';
import common from '../../playwright.config';

export default defineConfig({
	...common,
	testDir: '.',
	outputDir: '../../test-results',
	use: { ...common.use, colorScheme: 'dark', deviceScaleFactor: 2 }
});
