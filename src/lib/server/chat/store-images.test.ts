import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { imageTypeOf } from './image-type';
import { readStoredImage, storeImages } from './store-images';

const MESSAGE = '0199aaaa-bbbb-4ccc-8ddd-eeeeffff0000';
const bytes = (latin1: string) => Buffer.from(latin1, 'latin1');
const PNG = bytes('\x89PNG\r\n\x1a\nrest');
const image = (content: Buffer) => ({ mimeType: 'image/png' as const, data: content.toString('base64') });

let home: string;
const uploads = () => (existsSync(join(home, 'uploads/w')) ? readdirSync(join(home, 'uploads/w')) : []);

beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'coppice-images-'))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe('an image', () => {
	it.each([
		['image/png', '\x89PNG\r\n\x1a\n'],
		['image/jpeg', '\xff\xd8\xff\xe0'],
		['image/gif', 'GIF89a'],
		['image/webp', 'RIFF1234WEBPVP8 '],
		[null, 'RIFF1234WAVE'],
		[null, '<svg>'],
		[null, '\x89PNG'],
		[null, '']
	])('is %s by its first bytes', (type, start) => {
		expect(imageTypeOf(bytes(start))).toBe(type);
	});

	it('is named by its message and what it shows, so that a repeat adds nothing', async () => {
		const first = await storeImages(home, 'w', MESSAGE, [image(PNG)]);
		const again = await storeImages(home, 'w', MESSAGE, [image(PNG)]);
		expect(again.images).toEqual(first.images);
		await again.takeBack();
		expect(uploads()).toEqual(first.images.map(({ id }) => id));
		const other = await storeImages(home, 'w', MESSAGE, [image(bytes('GIF89a'))]);
		expect(other.images[0]!.id).toMatch(/\.gif$/);
		await other.takeBack();
		expect(uploads()).toHaveLength(1);
	});

	it('is for its owner alone, and read back as what it is', async () => {
		const { images } = await storeImages(home, 'w', MESSAGE, [image(PNG)]);
		expect(statSync(join(home, 'uploads')).mode & 0o777).toBe(0o700);
		expect(await readStoredImage(home, 'w', images[0]!.id)).toEqual({ mimeType: 'image/png', bytes: PNG });
	});

	it('that was written only in part is written whole', async () => {
		const { images } = await storeImages(home, 'w', MESSAGE, [image(PNG)]);
		writeFileSync(join(home, 'uploads/w', images[0]!.id), PNG.subarray(0, 9));
		await storeImages(home, 'w', MESSAGE, [image(PNG)]);
		expect((await readStoredImage(home, 'w', images[0]!.id)).bytes).toEqual(PNG);
	});

	it('that is none leaves nothing of the others', async () => {
		const sent = [image(PNG), { mimeType: 'image/png' as const, data: 'AAAA' }];
		await expect(storeImages(home, 'w', MESSAGE, sent)).rejects.toMatchObject({ code: 'invalid' });
		expect(uploads()).toEqual([]);
	});

	it('that was refused leaves no folder behind', async () => {
		const { takeBack } = await storeImages(home, 'w', MESSAGE, [image(PNG)]);
		await takeBack();
		expect(existsSync(join(home, 'uploads/w'))).toBe(false);
	});

	it('is never read through a link', async () => {
		const { images } = await storeImages(home, 'w', MESSAGE, [image(PNG)]);
		symlinkSync(join(home, 'uploads/w', images[0]!.id), join(home, 'uploads/w/link.png'));
		await expect(readStoredImage(home, 'w', 'link.png')).rejects.toMatchObject({ code: 'not_found' });
	});

	it.each(['../api-key', 'x.svg', '', '..', 'a/b.png'])('is never read by the name %j', async (name) => {
		await expect(readStoredImage(home, 'w', name)).rejects.toMatchObject({ code: 'not_found' });
	});
});
