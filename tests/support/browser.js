/** The browser of the tests: the system's, so that nothing is fetched but from the package registries. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const PLACES = [
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/opt/google/chrome/chrome'
];

/** @returns {string | undefined} the browser named by CHROMIUM_PATH, else one that is installed */
export function findBrowser() {
	return process.env.CHROMIUM_PATH ?? PLACES.find((path) => existsSync(path));
}

/** Installs Chromium where that can be done without asking, and ends the process with advice where it can't. */
export function ensureBrowser() {
	if (findBrowser()) return;
	if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
		console.log('Installing Chromium for the browser tests.');
		const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
		for (const args of [['update'], ['install', '--yes', '--no-install-recommends', 'chromium']]) {
			spawnSync('apt-get', ['--quiet', '--quiet', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] });
		}
		if (findBrowser()) return;
	}
	console.error('The browser tests need Chromium or Chrome: install one, or name it in CHROMIUM_PATH.');
	process.exit(1);
}
