import { describe, expect, it } from 'vitest';
import { imageTypeOf, takeImages, toBase64 } from './images';

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const file = (bytes: number[], name: string, type = '') => new File([new Uint8Array(bytes)], name, { type });
const bytesOf = (text: string) => [...text].map((letter) => letter.charCodeAt(0));

describe('the type of a picture', () => {
	it('is read from its first bytes', () => {
		expect(imageTypeOf(new Uint8Array(PNG))).toBe('image/png');
		expect(imageTypeOf(new Uint8Array([0xff, 0xd8, 0xff, 0xe0]))).toBe('image/jpeg');
		expect(imageTypeOf(new Uint8Array(bytesOf('GIF89a')))).toBe('image/gif');
		expect(imageTypeOf(new Uint8Array(bytesOf('RIFF....WEBPVP8 ')))).toBe('image/webp');
	});

	it('is none for anything else, an empty file too', () => {
		expect(imageTypeOf(new Uint8Array(bytesOf('RIFF....WAVEfmt ')))).toBeNull();
		expect(imageTypeOf(new Uint8Array(bytesOf('%PDF-1.7')))).toBeNull();
		expect(imageTypeOf(new Uint8Array())).toBeNull();
	});
});

describe('taking pictures', () => {
	it('goes by content, whatever name and type a file claims', async () => {
		const taken = await takeImages([file(PNG, 'a.txt', 'text/plain'), file(bytesOf('hello'), 'b.png', 'image/png')], 0);
		expect(taken.images).toMatchObject([{ name: 'a.txt', mimeType: 'image/png' }]);
		expect(taken.problems).toEqual(['b.png is not a PNG, JPEG, GIF or WebP image.']);
	});

	it('refuses one that is too large, and says how large it is', async () => {
		const large = new File([new Uint8Array(PNG), new Uint8Array(10 * 1024 * 1024)], 'large.png');
		const taken = await takeImages([large], 0);
		expect(taken.images).toEqual([]);
		expect(taken.problems).toEqual(['large.png has 10.1 MB. An image may have 10 MB.']);
	});

	it('takes as many as fit, and says how many it left out', async () => {
		const taken = await takeImages([file(PNG, 'a.png'), file(PNG, 'b.png'), file(PNG, 'c.png')], 19);
		expect(taken.images.map(({ name }) => name)).toEqual(['a.png']);
		expect(taken.problems).toEqual(['A message takes 20 images. 2 were left out.']);
	});

	it('sends every byte', async () => {
		const bytes = Array.from({ length: 100_000 }, (_, at) => at % 256);
		expect([...Buffer.from(await toBase64(file(bytes, 'x')), 'base64')]).toEqual(bytes);
	});
});
