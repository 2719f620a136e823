/** Tells whether an agent has kept a conversation, so that it can be continued. */
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConversationId } from '$lib/protocol/agent';
import { foldersOf } from '$lib/protocol/folders-of';

type ChosenId = Extract<ConversationId, { kind: 'chosen' }>;

/** The first thing said is near the beginning of a file. */
const MAX_READ_BYTES = 1024 * 1024;

/** Whether there is a file of this conversation in which something was said; `env` has the variables that paths begin with. */
export async function conversationExists(
	{ file, said }: { file: string; said?: ChosenId['said'] },
	agentSessionId: string,
	env: Record<string, string | undefined>
): Promise<boolean> {
	for (const { base, steps } of foldersOf(file, env)) {
		const named = steps.map((step) =>
			step.replaceAll('{agentSessionId}', agentSessionId).replaceAll('{agentSessionId:8}', agentSessionId.slice(0, 8))
		);
		for (const path of await filesBelow(base, named)) {
			if (await isKept(path, said)) return true;
		}
	}
	return false;
}

/** Every file that the steps lead to; `*` stands for any part of a name. */
export async function filesBelow(base: string, steps: string[]): Promise<string[]> {
	const star = steps.findIndex((step) => step.includes('*'));
	if (star < 0) return [join(base, ...steps)];
	const folder = join(base, ...steps.slice(0, star));
	const names = await readdir(folder).catch(() => []);
	const matching = names.filter((name) => matches(steps[star]!, name));
	const found = await Promise.all(matching.map((name) => filesBelow(join(folder, name), steps.slice(star + 1))));
	return found.flat();
}

function matches(step: string, name: string): boolean {
	const parts = step.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
	return new RegExp(`^${parts.join('.*')}$`, 's').test(name);
}

async function isKept(path: string, said: string | undefined): Promise<boolean> {
	const file = await open(path).catch(() => null);
	if (!file) return false;
	try {
		if (said === undefined) return (await file.stat()).isFile();
		const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_READ_BYTES), 0, MAX_READ_BYTES, 0);
		return new RegExp(said, 'm').test(buffer.toString('utf8', 0, bytesRead));
	} catch {
		return false;
	} finally {
		await file.close();
	}
}
