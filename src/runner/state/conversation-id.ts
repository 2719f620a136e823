/**
 * Learns the id that an agent chose for its conversation, so that exactly that one can be continued: from the agent's hooks,
 * from the file that its processes write, or from the one file that it can have made.
 */
import { homedir } from 'node:os';
import type { LaunchSpec } from '$lib/protocol/runner-link';
import { conversationAt, conversationFolder, conversationsSince, namesDirectory } from './conversation-files';
import type { ConversationFile, ConversationFolder } from './conversation-files';
import { filesOpenForWriting, processTree } from './process-tree';

export type ConversationWatch = {
	/** Looks for the file; to be called when the worker's state changed. Never rejects. */
	check(): Promise<void>;
	/** The body of one of the agent's hooks. */
	hook(body: Record<string, unknown>): void;
	close(): void;
};

/** Files' times are coarser than ours. */
const CLOCK_SLACK_MS = 50;

/** A worker that ran, or runs, in `cwd`; kept while it could be mistaken for another one. */
type Claim = { cwd: string; startedAt: number; endedAt: number; id: string | null };
const claims = new Set<Claim>();

/**
 * `startedAt` is in ms since 1970, from before the process was made. `onKnown` is called when the id is learned, and again
 * when the agent's hook says that it began another conversation.
 */
export function watchConversationId(options: {
	spec: LaunchSpec;
	pid: number;
	startedAt: number;
	onKnown(agentSessionId: string): void;
}): ConversationWatch {
	const { spec, pid, startedAt, onKnown } = options;
	const source = spec.conversationId;
	const claim: Claim = {
		cwd: spec.cwd,
		startedAt,
		endedAt: Infinity,
		id: spec.mode === 'continue' || source.kind === 'chosen' ? spec.agentSessionId : null
	};
	claims.add(claim);
	let checking: Promise<void> | null = null;

	function isOpen(): boolean {
		return claim.endedAt === Infinity;
	}

	function learn(id: string): void {
		if (!isOpen() || id === claim.id) return;
		claim.id = id;
		onKnown(id);
	}

	return {
		async check() {
			if (!isOpen() || claim.id !== null || source.kind !== 'file') return;
			checking ??= find(source)
				.then((id) => {
					if (id !== null && claim.id === null) learn(id);
				})
				.catch(() => {})
				.finally(() => (checking = null));
			return checking;
		},
		hook(body) {
			const { hook_event_name: event, session_id: id } = body;
			// Others may come from a conversation beside the main one.
			const isMain = event === 'SessionStart' || event === 'UserPromptSubmit';
			if (source.kind !== 'unknown' && isMain && typeof id === 'string' && /^[\w.-]{1,200}$/.test(id)) learn(id);
		},
		close() {
			claim.endedAt = Date.now();
			forgetOldClaims();
		}
	};

	async function find(where: { directory: string; pattern: string }): Promise<string | null> {
		const folder = await conversationFolder(where, { HOME: homedir(), ...process.env, ...spec.env });
		if (!folder) return null;
		return (await openConversation(folder, pid)) ?? (await onlyPossibleConversation(folder, claim));
	}
}

/**
 * The conversation that the process tree writes; the first begun, as later ones are those of its subagents. Those of others
 * are read only: Codex goes through all of them as it starts.
 */
async function openConversation(folder: ConversationFolder, pid: number): Promise<string | null> {
	const paths = new Set((await Promise.all((await processTree(pid)).map(filesOpenForWriting))).flat());
	const files = await Promise.all([...paths].map((path) => conversationAt(folder, path)));
	const begun = files.filter((file): file is ConversationFile => file !== null);
	return begun.sort((a, b) => a.createdAt - b.createdAt)[0]?.id ?? null;
}

/**
 * The newest conversation in this directory that no other worker can have begun. With two at once in one directory, a file
 * alone doesn't tell whose it is: then none is taken, as continuing somebody else's is worse than not knowing.
 */
async function onlyPossibleConversation(folder: ConversationFolder, claim: Claim): Promise<string | null> {
	for (const file of (await conversationsSince(folder, claim.startedAt - CLOCK_SLACK_MS)).reverse()) {
		if (await namesDirectory(file.path, claim.cwd)) {
			const rivals = [...claims].filter((other) => other !== claim && other.cwd === claim.cwd);
			if (!rivals.some((rival) => couldHaveBegun(rival, file))) return file.id;
		}
	}
	return null;
}

function couldHaveBegun(rival: Claim, file: ConversationFile): boolean {
	if (rival.id !== null) return rival.id === file.id;
	return file.createdAt >= rival.startedAt - CLOCK_SLACK_MS && file.createdAt <= rival.endedAt + CLOCK_SLACK_MS;
}

/** A claim of the past matters while a worker of its time still runs in its directory. */
function forgetOldClaims(): void {
	for (const old of claims) {
		const matters = [...claims].some(
			(other) => other.endedAt === Infinity && other.cwd === old.cwd && other.startedAt <= old.endedAt
		);
		if (!matters) claims.delete(old);
	}
}
