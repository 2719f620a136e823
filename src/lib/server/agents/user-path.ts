/** Where a person's programs are: the server's own PATH, then what only the person's login shell adds to it. */
import { run } from './run-program';

const MARK = '--coppice-path--';
const TIMEOUT_MS = 5000;

/**
 * A server that was started by a desktop or by an init system lacks what the shell's start-up files add. Without a usable
 * shell it is the server's own PATH alone.
 */
export async function readUserPath(env: NodeJS.ProcessEnv): Promise<string> {
	const own = programDirectories(env);
	const seen = new Set(own);
	for (const directory of await loginDirectories(env)) seen.add(directory);
	return [...seen].join(':');
}

/** npm puts the package's own programs in front of a person's. Relative entries would mean another folder for each worker. */
function programDirectories(env: NodeJS.ProcessEnv): string[] {
	const throughNpm = env.npm_lifecycle_event !== undefined || env.npm_execpath !== undefined;
	const directories = (env.PATH ?? '').split(':').filter((directory) => directory.startsWith('/'));
	if (!throughNpm) return directories;
	return directories.filter(
		(directory) => !/\/node_modules\/\.bin\/?$/.test(directory) && !directory.endsWith('/node-gyp-bin')
	);
}

async function loginDirectories(env: NodeJS.ProcessEnv): Promise<string[]> {
	const shell = env.SHELL;
	if (!shell?.startsWith('/')) return [];
	// Interactive too, as version managers are mostly set up in the file that only such a shell reads.
	const { stdout } = await run([shell, '-i', '-l', '-c', `echo ${MARK}; env`], { env, timeoutMs: TIMEOUT_MS });
	const [, variables = ''] = stdout.split(`${MARK}\n`);
	const path = /^PATH=(.*)$/m.exec(variables)?.[1] ?? '';
	return path.split(':').filter((directory) => directory.startsWith('/'));
}
