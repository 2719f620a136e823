/** Reads the files of conversations, line by line, and never writes them. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { string, type Loose } from '$lib/agents/loose';
import { parseObject } from '$lib/agents/parse-object';
import type { ChatEvent } from '$lib/protocol/chat';
import { createTurnGatherer, type TimedEvent } from './gather-turns';
import type { LineReader } from './kept-line';

const HEAD_BYTES = 128 * 1024;
const TITLE_CHARACTERS = 200;
/** The end of a long conversation is what it goes on from. */
const MAX_EVENTS = 3000;
const MAX_EVENT_BYTES = 16 * 1024 * 1024;
const LONGEST_LINE = 8 * 1024 * 1024;

/** Where a conversation was led and how it began, from the beginning of its file; null when that says no place. */
export async function readBeginning(
	file: string,
	read: LineReader
): Promise<{ cwd: string; title: string | null } | null> {
	const head = await readHead(file);
	let cwd: string | null = null;
	let title: string | null = null;
	for (const line of head.split('\n')) {
		const value = parseObject(line);
		if (!value) continue;
		const { cwd: place, events } = read(value);
		cwd ??= place ?? null;
		title ??= events.map(titleOf).find((found) => found !== null) ?? null;
		if (cwd !== null && title !== null) break;
	}
	return cwd === null ? null : { cwd, title };
}

/**
 * What was said in a conversation, the oldest first; of a long one the end. With `since`, in milliseconds since 1970, what was
 * said from then on; null when the file does not tell.
 */
export async function readTranscript(
	file: string,
	read: LineReader,
	since: number | null = null
): Promise<ChatEvent[] | null> {
	const events: { event: ChatEvent; bytes: number }[] = [];
	let bytes = 0;
	const turns = createTurnGatherer();
	const input = createReadStream(file, 'utf8');
	try {
		for await (const line of createInterface({ input, crlfDelay: Infinity })) {
			const value = line.length > LONGEST_LINE ? null : parseObject(line);
			if (value && !add(turns.line(read(value), timeOf(value)))) return null;
		}
	} finally {
		input.destroy();
	}
	return add(turns.end()) ? withoutLostCalls(events.map(({ event }) => event)) : null;

	/** False when it has no time and needs one. */
	function add(said: readonly TimedEvent[]): boolean {
		for (const { event, at } of said) {
			if (since !== null && at === null) return false;
			if (since !== null && at! < since) continue;
			const size = JSON.stringify(event).length;
			events.push({ event, bytes: size });
			bytes += size;
		}
		while (events.length > MAX_EVENTS || bytes > MAX_EVENT_BYTES) bytes -= events.shift()!.bytes;
		return true;
	}
}

function timeOf(line: Loose): number | null {
	const at = Date.parse(string(line.timestamp) ?? '');
	return Number.isNaN(at) ? null : at;
}

/** What became of a call that is not here any more says nothing. */
function withoutLostCalls(events: readonly ChatEvent[]): ChatEvent[] {
	const open = new Set<string>();
	return events.filter((event) => {
		if (event.channel !== 'agent:tool') return true;
		const { toolCallId } = event.payload;
		if (event.type === 'call') open.add(toolCallId);
		return event.type === 'result' ? open.delete(toolCallId) : open.has(toolCallId);
	});
}

async function readHead(path: string): Promise<string> {
	const file = await open(path).catch(() => null);
	if (!file) return '';
	try {
		const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
		return buffer.toString('utf8', 0, bytesRead);
	} catch {
		return '';
	} finally {
		await file.close();
	}
}

function titleOf(event: ChatEvent): string | null {
	if (event.channel !== 'agent:message' || event.type !== 'user') return null;
	const words = event.payload.blocks.map((block) => (block.type === 'text' ? block.text : '')).join(' ');
	return words.replaceAll(/\s+/g, ' ').trim().slice(0, TITLE_CHARACTERS) || null;
}
