import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AgentFault, type AgentEvent } from '../adapter';
import { createLineSplitter } from '../json-lines';
import {
	createReplay,
	readRecording,
	RECORDINGS,
	settled,
	type Recorded
} from '../../../../tests/support/replay-claude';

const names = readdirSync(RECORDINGS)
	.filter((name) => name.endsWith('.jsonl'))
	.map((name) => name.replace('.jsonl', ''));
const modeOf = (name: string) => (name === 'resumed' || name === 'lost' ? 'continue' : 'fresh');

/** One line an event, pieces of a text joined, so that a person can read and judge it. */
function readable(events: readonly AgentEvent[]): string {
	const lines: { key: string; text: string }[] = [];
	for (const event of events) {
		const { type, ...rest } = event;
		if (event.type !== 'delta') {
			lines.push({ key: type, text: JSON.stringify(rest) });
			continue;
		}
		const { messageId, block, text, parentId } = event.delta;
		const key = ['delta', event.kind, messageId, block, parentId].join(' ').trim();
		const last = lines.at(-1);
		if (last?.key === key) last.text += `|${text}`;
		else lines.push({ key, text });
	}
	return lines.map(({ key, text }) => `${key} ${text.replaceAll('\n', '\\n')}\n`).join('');
}

/** What we did, in a few words. */
function deed({ type, request, response, message }: Recorded): string {
	const said: unknown = request ?? response?.response ?? message?.content;
	return `\n# we: ${type} ${JSON.stringify(said).slice(0, 140)}\n`;
}

async function replayed(name: string) {
	const recording = readRecording(name);
	const replay = createReplay(modeOf(name));
	let text = '';
	for (const { from, msg } of recording) {
		if (from === 'us') {
			text += readable(replay.events.splice(0)) + deed(msg);
			replay.act(msg);
		} else replay.adapter.receive(replay.lineOf(msg));
		await settled();
	}
	text += readable(replay.events.splice(0));
	return { recording, replay, text };
}

describe.each(names)('the recorded conversation "%s"', (name) => {
	it('becomes the events that are written down beside it', async () => {
		const { text } = await replayed(name);
		await expect(text).toMatchFileSnapshot(fileURLToPath(new URL(`${name}.events.txt`, RECORDINGS)));
	});

	it('is led with the words that it was recorded with', async () => {
		const { recording, replay } = await replayed(name);
		const words = ({ request_id: _id, ...line }: Record<string, unknown>) => line;
		expect(replay.written.map(words)).toEqual(
			recording.filter(({ from }) => from === 'us').map(({ msg }) => words(msg))
		);
	});

	it('is the same however the bytes are cut', async () => {
		const whole = createReplay(modeOf(name));
		const run = (replay: typeof whole, feed: (bytes: Buffer) => void) => {
			let bytes = '';
			for (const { from, msg } of readRecording(name)) {
				if (from === 'agent') {
					bytes += `${replay.lineOf(msg)}\n`;
					continue;
				}
				feed(Buffer.from(bytes));
				bytes = '';
				replay.act(msg);
			}
			feed(Buffer.from(bytes));
		};
		const splitter = createLineSplitter({ onLine: whole.adapter.receive });
		run(whole, (bytes) => splitter.push(bytes));
		await fc.assert(
			fc.asyncProperty(fc.infiniteStream(fc.integer({ min: 1, max: 3000 })), async (sizes) => {
				const cut = createReplay(modeOf(name));
				const pieces = createLineSplitter({ onLine: cut.adapter.receive });
				run(cut, (bytes) => {
					for (let at = 0; at < bytes.length;) {
						const size = sizes.next().value as number;
						pieces.push(bytes.subarray(at, at + size));
						at += size;
					}
				});
				await settled();
				expect(cut.events).toEqual(whole.events);
			}),
			{ numRuns: 8 }
		);
	});

	it('can lose and garble lines without harm, and every turn still ends at most once', async () => {
		const recording = readRecording(name);
		const damage = fc.constantFrom('keep', 'keep', 'keep', 'drop', 'cut', 'mix', 'twice');
		await fc.assert(
			fc.asyncProperty(fc.array(damage, { minLength: recording.length, maxLength: recording.length }), async (plan) => {
				const replay = createReplay(modeOf(name));
				let sent = 0;
				recording.forEach(({ from, msg }, index) => {
					if (from === 'us') {
						if (msg.type === 'user') sent++;
						return replay.act(msg);
					}
					const line = replay.lineOf(msg);
					for (const damaged of damagedLines(line, plan[index]!)) replay.adapter.receive(damaged);
				});
				await settled();
				expect(replay.events.filter(({ type }) => type === 'turn-ended').length).toBeLessThanOrEqual(sent);
			}),
			{ numRuns: 15 }
		);
	});
});

/** As it is, not at all, cut short, with its values mixed up, or twice. */
function damagedLines(line: string, how: string): string[] {
	switch (how) {
		case 'drop':
			return [];
		case 'cut':
			return [line.slice(0, line.length / 2)];
		case 'mix':
			return [line.replace(/"(text|content|message|event|input|usage|response|request)":/g, '"$1":7,"was":')];
		case 'twice':
			return [line, line];
		default:
			return [line];
	}
}

describe('createClaudeAdapter', () => {
	it('says that a conversation is lost which the agent does not know', async () => {
		const { replay } = await replayed('lost');
		expect(replay.startFailure()).toBeInstanceOf(AgentFault);
		expect((replay.startFailure() as AgentFault).failure.kind).toBe('conversation_lost');
		expect(replay.events).toEqual([]);
	});
});
