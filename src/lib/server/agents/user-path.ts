/** Where a person's programs are: the server's own PATH, then what only the person's login shell adds to it. */
import { withoutOwnVariables } from '$lib/protocol/own-variables';
import { run } from './run-program';

const MARK = '--coppice-path--';
const TIMEOUT_MS = 5000;

/**
 * A server that was started by a desktop or by an init system lacks what the shell's start-up files add. Without a usable
 * shell it is the server's own PATH alone.
 */
export async function readUserPath(env: NodeJS.ProcessEnv): Promise<string> {
	const own = absoluteEntries(withoutOwnVariables(env).PATH);
	const seen = new Set(own);
	for (const directory of await loginDirectories(env)) seen.add(directory);
	return [...seen].join(':');
}

/** Relative entries would mean another folder for each worker. */
function absoluteEntries(path = ''): string[] {
	return path.split(':').filter((directory) => directory.startsWith('/'));
}

async function loginDirectories(env: NodeJS.ProcessEnv): Promise<string[]> {
	const shell = env.SHELL;
	if (!shell?.startsWith('/')) return [];
	// Interactive too, as version managers are mostly set up in the file that only such a shell reads.
	const { stdout } = await run([shell, '-i', '-l', '-c', `echo ${MARK}; env`], { env, timeoutMs: TIMEOUT_MS });
	const [, variables = ''] = stdout.split(`${MARK}\n`);
	return absoluteEntries(/^PATH=(.*)$/m.exec(variables)?.[1]);
}
