/** Where an agent keeps its conversations, by its definition alone. */
import { readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import type { AgentDefinition, ChatWire } from '$lib/protocol/agent';
import { foldersOf } from '$lib/protocol/folders-of';
import { filesBelow } from '../agents/conversation-exists';
import { createClaudeReader } from './claude-lines';
import { createCodexReader } from './codex-lines';
import type { LineReader } from './kept-line';

export interface ConversationFile {
	readonly id: string;
	readonly file: string;
	/** Milliseconds since 1970. */
	readonly changedAt: number;
}

const READERS: Record<ChatWire, (() => LineReader) | null> = {
	claude: createClaudeReader,
	codex: createCodexReader,
	acp: null
};

/** What reads one of an agent's files; null when they are not understood. */
export function readerOf({ chat }: AgentDefinition): (() => LineReader) | null {
	return chat && READERS[chat.wire];
}

/** Its conversations, the latest first. */
export async function conversationFiles(agent: AgentDefinition, env: NodeJS.ProcessEnv): Promise<ConversationFile[]> {
	const named = await namedFiles(agent, { HOME: homedir(), ...env, ...agent.env });
	const files = await Promise.all(
		named.map(async ({ id, file }) => {
			const found = await stat(file).catch(() => null);
			return found?.isFile() ? { id, file, changedAt: found.mtimeMs } : null;
		})
	);
	return files.filter((file) => file !== null).sort((one, other) => other.changedAt - one.changedAt);
}

async function namedFiles(
	{ conversationId }: AgentDefinition,
	env: NodeJS.ProcessEnv
): Promise<{ id: string; file: string }[]> {
	switch (conversationId.kind) {
		case 'unknown':
			return [];
		case 'chosen': {
			const last = conversationId.file?.split('/').at(-1) ?? '';
			// Where a name has only the id's beginning, the id itself is not known by it.
			const [before, after, ...rest] = last.split('{agentSessionId}');
			if (!conversationId.file || before === undefined || after === undefined || rest.length > 0) return [];
			const folders = foldersOf(conversationId.file, env);
			const found = await Promise.all(
				folders.map(({ base, steps }) =>
					filesBelow(
						base,
						steps.map((step) => step.replaceAll('{agentSessionId}', '*'))
					)
				)
			);
			return found
				.flat()
				.map((file) => ({ id: basename(file).slice(before.length, -after.length || undefined), file }));
		}
		case 'file': {
			const pattern = new RegExp(conversationId.pattern);
			const folders = foldersOf(conversationId.directory, env);
			const found = await Promise.all(
				folders.map(async ({ base, steps }) => {
					const folder = join(base, ...steps);
					const names = await readdir(folder, { recursive: true }).catch(() => []);
					return names.map((name) => join(folder, name));
				})
			);
			return found.flat().flatMap((file) => {
				const id = pattern.exec(basename(file))?.groups?.id;
				return id ? [{ id, file }] : [];
			});
		}
	}
}
