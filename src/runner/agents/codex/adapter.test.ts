import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { AgentEvent } from '../adapter';
import { recordings, replayWire } from '../../../../tests/support/replay-wire';
import { createCodexAdapter } from './adapter';

const FOLDER = new URL('../../../../tests/fixtures/wires/codex/', import.meta.url);
const replay = (name: string) => replayWire(createCodexAdapter, new URL(`${name}.jsonl`, FOLDER));

describe('recorded conversations with Codex', () => {
	it.each(recordings(FOLDER))('tells of "%s" as it did', async (name) => {
		const { events, fault } = await replay(name);
		const golden = events.map((event) => JSON.stringify(event)).join('\n');
		await expect(`${golden}\n${fault ? JSON.stringify(fault.failure) : ''}`).toMatchFileSnapshot(
			new URL(`${name}.events.txt`, FOLDER).pathname
		);
	});
});
