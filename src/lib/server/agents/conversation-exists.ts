import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Whether an agent keeps a conversation under this id. `file` is one path or several between `|`; each may begin with `~` or
 * `$NAME`, has `{agentSessionId}` in it, and may have `*` for one folder of any name. A path whose variable is not set does
 * not count.
 */
export async function conversationExists(
	file: string,
	agentSessionId: string,
	env: Record<string, string | undefined>
): Promise<boolean> {
	for (const alternative of file.split('|')) {
		const [first = '', ...rest] = alternative.split('/');
		const base = first === '~' ? env.HOME : first.startsWith('$') ? env[first.slice(1)] : `${first}/`;
		const steps = rest.map((step) => step.replaceAll('{agentSessionId}', agentSessionId));
		if (base && (await existsBelow(base, steps))) return true;
	}
	return false;
}

async function existsBelow(base: string, steps: string[]): Promise<boolean> {
	const star = steps.indexOf('*');
	if (star < 0) return (await stat(join(base, ...steps)).catch(() => null))?.isFile() ?? false;
	const folder = join(base, ...steps.slice(0, star));
	const names = await readdir(folder).catch(() => []);
	const found = await Promise.all(names.map((name) => existsBelow(join(folder, name), steps.slice(star + 1))));
	return found.includes(true);
}
