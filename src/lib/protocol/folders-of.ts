/**
 * Where each of the paths between `|` begins, and the steps that follow. One may begin with `~` or `$NAME`; it counts only
 * where that variable is set in `env`.
 */
export function foldersOf(
	paths: string,
	env: Readonly<Record<string, string | undefined>>
): { base: string; steps: string[] }[] {
	return paths.split('|').flatMap((path) => {
		const [first = '', ...steps] = path.split('/');
		const base = first === '~' ? env.HOME : first.startsWith('$') ? env[first.slice(1)] : `${first}/`;
		return base ? [{ base, steps }] : [];
	});
}
