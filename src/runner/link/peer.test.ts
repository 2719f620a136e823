import { Writable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { FrameReader, type Frame } from '$lib/protocol/frames';
import type { FromRunner } from '$lib/protocol/runner-link';
import { Peer } from './peer';

/** A connection whose other side reads when the test says. */
function heldConnection() {
	const reader = new FrameReader();
	const frames: Frame[] = [];
	let taken: (() => void) | null = null;
	const socket = new Writable({
		writev(chunks, callback) {
			for (const { chunk } of chunks) frames.push(...reader.push(chunk as Uint8Array));
			taken = callback;
		}
	});
	return {
		peer: new Peer(socket),
		/** The other side takes in what was written. */
		async read(): Promise<void> {
			taken?.();
			taken = null;
			await new Promise((resolve) => setImmediate(resolve));
		},
		messages: () => frames.filter((frame) => frame.kind === 'json').map((frame) => frame.value as FromRunner),
		outputs: () => frames.filter((frame) => frame.kind === 'output')
	};
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const worker = (changes: object) => ({ kind: 'worker', changes: { id: 'w', ...changes } });

describe('Peer', () => {
	it('sends messages and output in order', async () => {
		const { peer, read, messages, outputs } = heldConnection();
		peer.say({ kind: 'dropped', workerId: 'a' });
		peer.output(7, 12, Buffer.from('bytes'));
		await turn();
		await read();
		expect(messages()).toEqual([{ kind: 'dropped', workerId: 'a' }]);
		expect(outputs()).toMatchObject([{ subscription: 7, seq: 12 }]);
	});

	it('is full while much waits, and wakes who waited once it has left', async () => {
		const { peer, read } = heldConnection();
		const wake = vi.fn();
		const end = peer.onRoom(wake);
		peer.output(1, 1, new Uint8Array(600_000));
		expect(peer.isFull()).toBe(true);
		await turn();
		expect(wake).not.toHaveBeenCalled();
		await read();
		expect(peer.isFull()).toBe(false);
		expect(wake).toHaveBeenCalledOnce();
		end();
	});

	it('merges what it could not tell while full, and tells it before anything newer', async () => {
		const { peer, read, messages } = heldConnection();
		peer.output(1, 1, new Uint8Array(300_000));
		await turn();
		peer.output(1, 2, new Uint8Array(300_000));
		peer.tell({ id: 'w', state: 'working', lastSeq: 1 });
		peer.tell({ id: 'w', state: 'needs_input' });
		peer.tell({ id: 'gone', state: 'idle' });
		await read();
		// There is room, though the connection is not yet empty.
		expect(peer.isFull()).toBe(false);
		peer.tell({ id: 'w', state: 'idle' });
		peer.say({ kind: 'dropped', workerId: 'gone' });
		for (let round = 0; round < 4; round++) await read();
		expect(messages()).toEqual([{ kind: 'dropped', workerId: 'gone' }, worker({ state: 'idle', lastSeq: 1 })]);
	});
});
