import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameReader, encodeInputFrame, encodeJson, outputFrameHeader, type Frame } from './frames';
import { decodeOutput } from './worker-socket';

const join = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
const outputFrame = (subscription: number, seq: number, bytes: Uint8Array) =>
	join(outputFrameHeader(subscription, seq, bytes.length), bytes);

const bytes = fc.uint8Array({ maxLength: 300 });
const sent = fc.oneof(
	fc.record({ kind: fc.constant('json' as const), value: fc.jsonValue() }),
	fc.record({ kind: fc.constant('output' as const), subscription: fc.nat(), seq: fc.maxSafeNat(), bytes }),
	fc.record({ kind: fc.constant('input' as const), workerId: fc.uuid(), bytes })
);

function encode(frame: typeof sent extends fc.Arbitrary<infer Sent> ? Sent : never): Uint8Array {
	switch (frame.kind) {
		case 'json':
			return encodeJson(frame.value);
		case 'output':
			return outputFrame(frame.subscription, frame.seq, frame.bytes);
		case 'input':
			return encodeInputFrame(frame.workerId, frame.bytes);
	}
}

describe('frames', () => {
	it('arrive as they were sent, however the stream is cut', () => {
		fc.assert(
			fc.property(fc.array(sent), fc.array(fc.integer({ min: 1, max: 50 })), (frames, cuts) => {
				const stream = join(...frames.map(encode));
				const reader = new FrameReader();
				const received: Frame[] = [];
				for (let at = 0, turn = 0; at < stream.length; turn++) {
					const size = cuts.length > 0 ? cuts[turn % cuts.length]! : stream.length;
					received.push(...reader.push(stream.slice(at, at + size)));
					at += size;
				}
				expect(received).toHaveLength(frames.length);
				received.forEach((frame, index) => {
					const original = frames[index]!;
					expect(frame.kind).toBe(original.kind);
					if (frame.kind === 'json' && original.kind === 'json') {
						expect(JSON.stringify(frame.value)).toBe(JSON.stringify(original.value));
					}
					if (frame.kind === 'input' && original.kind === 'input') {
						expect(frame.workerId).toBe(original.workerId);
						expect([...frame.bytes]).toEqual([...original.bytes]);
					}
					if (frame.kind === 'output' && original.kind === 'output') {
						expect(frame.subscription).toBe(original.subscription);
						// What goes on to a client, byte for byte.
						const decoded = decodeOutput(frame.message.slice().buffer)!;
						expect(decoded.seq).toBe(original.seq);
						expect([...decoded.bytes]).toEqual([...original.bytes]);
					}
				});
			})
		);
	});

	it('refuses a length that no sound peer would announce', () => {
		expect(() => new FrameReader().push(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 1))).toThrow('was announced');
		expect(() => new FrameReader().push(Uint8Array.of(0, 0, 0, 0, 1))).toThrow('was announced');
	});

	it('refuses an unknown kind', () => {
		expect(() => new FrameReader().push(Uint8Array.of(0, 0, 0, 1, 9))).toThrow('Unknown frame kind 9');
	});
});
