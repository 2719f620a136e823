import type { SessionMetadata } from '$lib/protocol/session';
import type { Worker } from '$lib/protocol/worker';

/** What the conversations of a session add up to. Derived at each look, never stored. */
export function sessionMetadata(workers: readonly Worker[]): SessionMetadata {
	const chats = workers.map(({ chat }) => chat).filter((chat) => chat !== null);
	const usages = workers.map(({ usage }) => usage).filter((usage) => usage !== null);
	return {
		messageCount: chats.reduce((sum, { messageCount }) => sum + messageCount, 0),
		lastMessageAt: latest(chats.map(({ lastMessageAt }) => lastMessageAt)),
		firstMessagePreview: chats.find(({ firstMessage }) => firstMessage !== null)?.firstMessage ?? null,
		usage: usages.length === 0 ? null : usages.reduce(sums)
	};
}

function latest(times: readonly (string | null)[]): string | null {
	return (
		times
			.filter((time) => time !== null)
			.sort()
			.at(-1) ?? null
	);
}

function sums(one: Record<string, number>, other: Record<string, number>): Record<string, number> {
	return Object.fromEntries(Object.entries(one).map(([name, value]) => [name, value + (other[name] ?? 0)]));
}
