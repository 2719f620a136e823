/** Finds out whether an agent is installed here, where, and which version it is. */
import { access, constants, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { Agent, AgentDefinition } from '$lib/protocol/agent';
import { run } from './run-program';

export type Detection = Pick<Agent, 'available' | 'version' | 'resolvedPath' | 'problem'>;

/** Some agents are slow to say their version on a busy machine. */
const VERSION_TIMEOUT_MS = 10_000;

/** What is known before the first look. */
export const NOT_LOOKED_YET: Detection = { available: false, version: null, resolvedPath: null, problem: null };

export interface DetectOptions {
	/** Of the server. */
	env: NodeJS.ProcessEnv;
	/** The agent's own. */
	added?: AgentDefinition['env'];
	/** Where to look for a bare name. */
	path: string;
	hostName: string;
	timeoutMs?: number;
}

/** The program's absolute path, or why there is none. */
export async function findProgram(
	definition: Pick<AgentDefinition, 'command' | 'install'>,
	{ path, hostName }: Pick<DetectOptions, 'path' | 'hostName'>
): Promise<{ path: string; problem: null } | { path: null; problem: string }> {
	const { command, install } = definition;
	if (isAbsolute(command)) {
		if (await isExecutable(command)) return { path: command, problem: null };
		const exists = await stat(command).catch(() => null);
		return {
			path: null,
			problem: exists ? `${command} is not an executable file.` : `${command} does not exist on ${hostName}.`
		};
	}
	if (command.includes('/')) {
		return { path: null, problem: `${command} is neither a program's name nor an absolute path.` };
	}
	for (const directory of path.split(':')) {
		const file = join(directory, command);
		if (isAbsolute(file) && (await isExecutable(file))) return { path: file, problem: null };
	}
	const advice = install ? `Install it: ${install}` : "Install it, or give the program's absolute path.";
	return { path: null, problem: `${command} was not found on ${hostName}. ${advice}` };
}

/** Asks the program at `path` for its version. An agent that does not know the question can be used all the same. */
export async function detectVersion(
	path: string,
	{ env, added, path: searchPath, timeoutMs = VERSION_TIMEOUT_MS }: Omit<DetectOptions, 'hostName'>
): Promise<Detection> {
	const found: Detection = { available: true, version: null, resolvedPath: path, problem: null };
	const { exitCode, stdout, stderr, timedOut } = await run([path, '--version'], {
		env,
		added: { ...added, PATH: searchPath },
		timeoutMs
	});
	if (timedOut) return { ...found, problem: `${path} --version did not answer within ${timeoutMs / 1000} s.` };
	if (exitCode === 0) return { ...found, version: versionIn(stdout) ?? versionIn(stderr) };
	if (exitCode === null || exitCode === 126 || exitCode === 127) {
		const reason = lastLine(stderr);
		return { ...found, available: false, problem: `${path} can't be run${reason ? `: ${reason}` : '.'}` };
	}
	return found;
}

/** Tells whether the program was replaced since. Null when it is gone. */
export async function fingerprint(path: string): Promise<string | null> {
	const file = await stat(path).catch(() => null);
	return file && `${path}:${file.ino}:${file.size}:${file.mtimeMs}`;
}

/** `2.1.3`, also as `v2.1.3-beta.1`, anywhere in the first lines. */
function versionIn(output: string): string | null {
	return (
		/(?<![\w.])v?(\d{1,6}(?:\.\d{1,6}){1,3}(?:[-+][0-9A-Za-z.-]{1,40})?)(?![\w])/.exec(output.slice(0, 2000))?.[1] ??
		null
	);
}

function lastLine(text: string): string {
	return text.trim().split('\n').at(-1)!.slice(0, 200);
}

async function isExecutable(file: string): Promise<boolean> {
	try {
		await access(file, constants.X_OK);
		return (await stat(file)).isFile();
	} catch {
		return false;
	}
}
