/** Looks at a launch before it is tried, so that what is wrong is said in words instead of by a terminal that ends. */
import { statSync } from 'node:fs';
import type { LaunchSpec } from '$lib/protocol/runner-link';
import { resolveCommand } from '../pty/resolve-command';

export type CheckedLaunch =
	| { ok: true; argv: readonly [string, ...string[]] }
	/** `exitCode` is what a shell would say, or null when it would not have come that far. */
	| { ok: false; exitCode: number | null; message: string };

/** Linux takes no longer argument or variable, the ending null included. */
const MAX_STRING_BYTES = 128 * 1024 - 1;

/** `env` is everything that the program will see. */
export function checkLaunch(
	{ argv, cwd }: Pick<LaunchSpec, 'argv' | 'cwd'>,
	env: Readonly<Record<string, string>>
): CheckedLaunch {
	const directory = statSync(cwd, { throwIfNoEntry: false });
	if (!directory) return refuse(`The directory \`${cwd}\` does not exist any more.`);
	if (!directory.isDirectory()) return refuse(`\`${cwd}\` is not a directory.`);
	const tooLong = [...argv, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)].find(
		(text) => Buffer.byteLength(text) > MAX_STRING_BYTES
	);
	if (tooLong !== undefined) return refuse('An argument or variable is longer than the system allows (128 KB).');
	const [command, ...args] = argv;
	const resolved = resolveCommand(command ?? '', cwd, env.PATH ?? '/usr/local/bin:/usr/bin:/bin');
	return resolved.ok ? { ok: true, argv: [resolved.path, ...args] } : resolved;
}

function refuse(message: string): CheckedLaunch {
	return { ok: false, exitCode: null, message };
}

/** What to say when a program ended in a way that means it never really began; null when it did. */
export function failedStart({ argv }: LaunchSpec, exitCode: number | null): string | null {
	const [shell, flag, line] = argv;
	if (argv.length !== 3 || !/^-[a-z]*c$/.test(flag!)) return null;
	const shown = line!.length > 80 ? `${line!.slice(0, 79)}…` : line!;
	if (exitCode === 127) return `\`${shell}\` did not find a command in \`${shown}\`.`;
	if (exitCode === 126) return `\`${shell}\` was not allowed to run a command in \`${shown}\`.`;
	return null;
}
