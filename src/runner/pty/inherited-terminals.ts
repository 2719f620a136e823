/**
 * On Linux a program inherits the descriptors of every terminal that is open when it starts, which would let it type into
 * the terminals of others, even from inside a sandbox. Node can't mark them, so a shell closes them and then becomes the
 * program. Elsewhere the system's own spawn leaves them out.
 */
import { accessSync, constants } from 'node:fs';

/** Only Bash can close descriptors above 9. */
const BASH_PATHS = ['/bin/bash', '/usr/bin/bash', '/usr/local/bin/bash', '/run/current-system/sw/bin/bash'];

const bash = process.platform === 'linux' ? BASH_PATHS.find(isExecutable) : undefined;

/** The arguments that start `argv` without the descriptors `open`. */
export function withoutInheritedTerminals(
	argv: readonly [string, ...string[]],
	open: ReadonlySet<number>
): readonly [string, ...string[]] {
	if (!bash || open.size === 0) return argv;
	const closings = [...open].map((fd) => `${fd}>&-`).join(' ');
	// -p: no start-up file and no function of the user's environment runs. The program's words are parameters, never code.
	return [bash, '-p', '-c', `exec ${closings}; exec -- "$@"`, 'start', ...argv];
}

function isExecutable(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}
