/** Finds a program as a shell would, so that a missing one gets a clear answer instead of a terminal that ends at once. */
import { accessSync, constants, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { resolve } from 'node:path';

export type ResolvedCommand =
	| { ok: true; path: string }
	/** `exitCode` is the shell's: 127 not found, 126 not executable. */
	| { ok: false; exitCode: 126 | 127; message: string };

/** A name with a slash is a path, relative to `cwd`; any other is looked for on `path`. */
export function resolveCommand(command: string, cwd: string, path: string): ResolvedCommand {
	if (command.includes('/')) {
		const file = resolve(cwd, command);
		const found = check(file);
		if (found === 'executable') return { ok: true, path: file };
		if (found === 'missing')
			return { ok: false, exitCode: 127, message: `\`${file}\` does not exist on ${hostname()}.` };
		return { ok: false, exitCode: 126, message: `\`${file}\` is not an executable file.` };
	}
	for (const directory of path.split(':')) {
		const file = resolve(cwd, directory, command);
		if (command && check(file) === 'executable') return { ok: true, path: file };
	}
	return {
		ok: false,
		exitCode: 127,
		message: `\`${command}\` is not on the PATH of ${hostname()}. Install it there, or give the program's full path.`
	};
}

function check(file: string): 'executable' | 'missing' | 'other' {
	try {
		if (!statSync(file).isFile()) return 'other';
		accessSync(file, constants.X_OK);
		return 'executable';
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EACCES' ? 'other' : 'missing';
	}
}
