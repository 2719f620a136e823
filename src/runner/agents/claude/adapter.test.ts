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
	const uuid = '00000000-0000-4000-8000-000000000001';
	const asks = {
		type: 'control_request',
		request_id: 'r1',
		request: { subtype: 'can_use_tool', tool_name: 'Bash', input: { command: 'ls' } }
	};

	function open() {
		const { adapter, events, written } = createReplay();
		const agent = (line: object) => adapter.receive(JSON.stringify(line));
		const types = () => events.splice(0).map(({ type }) => type);
		return { adapter, events, written, agent, types };
	}

	it('says that a conversation is lost which the agent does not know', async () => {
		const { replay, text } = await replayed('lost');
		expect(replay.startFailure()).toBeInstanceOf(AgentFault);
		expect((replay.startFailure() as AgentFault).failure.kind).toBe('conversation_lost');
		expect(text).not.toContain('turn-ended');
	});

	it('starts also with a version that does not know how it is asked', async () => {
		const { adapter, agent, written, types } = open();
		const started = adapter.start();
		agent({ type: 'control_response', response: { subtype: 'error', request_id: written[0].request_id, error: '?' } });
		await expect(started).resolves.toBeUndefined();
		expect(types()).toEqual(['session']);
	});

	it('lets nothing wait for ever that still asks when the turn is over', () => {
		const { adapter, agent, written, types } = open();
		adapter.send({ messageId: uuid, text: 'go', images: [] });
		agent(asks);
		agent({ type: 'result', subtype: 'success', is_error: false, user_message_uuids: [uuid] });
		expect(types()).toEqual(['permission', 'withdrawn', 'turn-ended']);
		expect(written.at(-1)).toMatchObject({ response: { request_id: 'r1', response: { behavior: 'deny' } } });
	});

	it('answers what it can not ask a person, so that the agent goes on', () => {
		const { agent, written, types } = open();
		agent({ type: 'control_request', request_id: 'r2', request: { subtype: 'elicitation' } });
		agent({ type: 'control_request', request_id: 'r3', request: { subtype: 'can_use_tool' } });
		agent({ type: 'control_request' });
		expect(written.map(({ response }) => [response.request_id, response.subtype])).toEqual([
			['r2', 'error'],
			['r3', 'error']
		]);
		expect(types()).toEqual([]);
	});

	it('ends no turn with the result of another, and tells of an error that nobody waits for', () => {
		const { adapter, agent, types } = open();
		const failed = { type: 'result', subtype: 'success', is_error: true, result: 'API Error: 529 Overloaded' };
		adapter.send({ messageId: uuid, text: 'go', images: [] });
		agent({ ...failed, origin: { kind: 'task-notification' } });
		expect(types()).toEqual(['notice']);
		agent({ ...failed, user_message_uuids: [uuid] });
		agent({ ...failed, user_message_uuids: [uuid] });
		expect(types()).toEqual(['turn-ended', 'notice']);
	});

	it('finds the plan in the file where it was written', () => {
		const { agent, events } = open();
		const file = { file_path: '/home/dev/.claude/plans/a-plan.md' };
		const call = (id: string, name: string, input: object) =>
			agent({ type: 'assistant', message: { id: `m-${id}`, content: [{ type: 'tool_use', id, name, input }] } });
		const result = (id: string, structured: object) =>
			agent({
				type: 'user',
				message: { content: [{ type: 'tool_result', tool_use_id: id, content: 'ok' }] },
				tool_use_result: structured
			});
		call('t1', 'Write', { ...file, content: '# Plan\n1. Look\n' });
		result('t1', { filePath: file.file_path, content: '' });
		call('t2', 'Edit', { ...file, old_string: 'Look', new_string: 'Leap ($&)' });
		result('t2', { filePath: file.file_path, originalFile: '# Plan\n1. Look\n' });
		call('t3', 'ExitPlanMode', {});
		agent({ ...asks, request: { subtype: 'can_use_tool', tool_name: 'ExitPlanMode', input: {}, tool_use_id: 't3' } });
		const asked = events.find((event) => event.type === 'permission');
		expect(asked?.request.plan).toBe('# Plan\n1. Leap ($&)\n');
	});

	it('warns when a limit comes near, and when it is reached', () => {
		const { agent, events } = open();
		for (const status of ['allowed', 'allowed_warning', 'rejected']) {
			agent({ type: 'rate_limit_event', rate_limit_info: { status, utilization: 0.9, resetsAt: 1_795_225_200 } });
		}
		expect(events.map((event) => event.type === 'notice' && event.notice.text)).toEqual([
			"The account's limit is near (90 %). It ends at 2026-11-21T01:40 UTC.",
			"The account's limit is reached. It ends at 2026-11-21T01:40 UTC."
		]);
	});
});
