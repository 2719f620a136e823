import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLineSplitter } from './json-lines';

function split(pieces: Uint8Array[], maxBytes?: number) {
	const lines: string[] = [];
	let tooLong = 0;
	const splitter = createLineSplitter({ onLine: (line) => lines.push(line), onTooLong: () => tooLong++, maxBytes });
	for (const piece of pieces) splitter.push(piece);
	splitter.end();
	return { lines, tooLong };
}

describe('createLineSplitter', () => {
	it('gives the same lines however the bytes are cut', () => {
		const line = fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\r\n]/g, '') + 'é');
		fc.assert(
			fc.property(fc.array(line), fc.array(fc.nat(200)), (lines, cuts) => {
				const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
				const at = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
				const pieces = at.slice(1).map((end, i) => bytes.subarray(at[i], end));
				expect(split(pieces).lines).toEqual(lines);
			})
		);
	});

	it('keeps what it was given when the caller reuses its buffer', () => {
		const lines: string[] = [];
		const splitter = createLineSplitter({ onLine: (line) => lines.push(line) });
		const buffer = Buffer.from('abc');
		splitter.push(buffer);
		buffer.write('xyz');
		splitter.push(Buffer.from('d\n'));
		expect(lines).toEqual(['abcd']);
	});

	it('leaves out blank lines and carriage returns, and counts an unfinished last line', () => {
		expect(split([Buffer.from('{"a":1}\r\n\n  \n{"b":2}')]).lines).toEqual(['{"a":1}', '{"b":2}']);
	});

	it('throws a line away that is too long, says so once, and goes on with the next', () => {
		const pieces = ['12345', '67890', '123\nok\n', '1234567890', '1\n12345678\n'].map((text) => Buffer.from(text));
		expect(split(pieces, 8)).toEqual({ lines: ['ok', '12345678'], tooLong: 2 });
	});

	it('never throws at bytes that are no text', () => {
		expect(split([Uint8Array.of(0xff, 0xc3, 0x0a, 0x61)]).lines).toEqual(['\ufffd\ufffd', 'a']);
	});
});
