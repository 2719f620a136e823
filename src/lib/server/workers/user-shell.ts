/** The shell of the person whose machine this is. */
export function userShell(env: NodeJS.ProcessEnv): string {
	return env.SHELL || '/bin/sh';
}

/** An interactive shell as the system's own terminal starts it: macOS wants a login shell, Linux has logged in already. */
export function interactiveShell(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string[] {
	return platform === 'darwin' ? [userShell(env), '-l'] : [userShell(env)];
}
