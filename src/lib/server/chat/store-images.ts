/** Pictures of messages: files below COPPICE_HOME that only their owner reads. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { v5 as uuidOf } from 'uuid';
import {
	IMAGE_EXTENSIONS,
	MAX_IMAGE_BYTES,
	StoredImage,
	uploadPath,
	type ImageType,
	type SendMessage
} from '$lib/protocol/chat';
import { CoppiceError } from '$lib/protocol/errors';
import { describeIssues } from '$lib/protocol/input-issues';
import { imageTypeOf } from './image-type';

/** What lies here was put here as a file: a link leads somewhere else. */
const NO_LINK = { flag: constants.O_RDONLY | constants.O_NOFOLLOW };

type SentImage = NonNullable<SendMessage['images']>[number];

interface Image {
	readonly stored: StoredImage;
	readonly bytes: Buffer;
}

/**
 * Keeps the images of a message. Their names follow from the message and from what they show, so that the same message sent
 * again adds nothing. `takeBack` removes those that this call has added.
 * @throws CoppiceError `invalid`, `too_large`; then nothing was kept
 */
export async function storeImages(
	home: string,
	workerId: string,
	messageId: string,
	sent: readonly SentImage[]
): Promise<{ images: StoredImage[]; takeBack(): Promise<void> }> {
	const images: StoredImage[] = [];
	const added: string[] = [];
	const takeBack = async () => {
		await Promise.all(added.map((file) => rm(file, { force: true })));
		// Where another message has images, the folder stays.
		if (added[0]) await rmdir(dirname(added[0])).catch(() => undefined);
	};
	try {
		// One at a time: only one is held besides the request itself, and others get their turn.
		for (const [index, image] of sent.entries()) {
			const { stored, bytes } = readImage(image, index, messageId);
			const file = join(home, uploadPath(workerId, stored.id));
			await mkdir(dirname(file), { recursive: true, mode: 0o700 });
			images.push(stored);
			if (await isKept(file, bytes)) continue;
			added.push(file);
			await writeFile(file, bytes, { mode: 0o600 });
		}
	} catch (error) {
		await takeBack();
		throw error;
	}
	return { images, takeBack };
}

/** @throws CoppiceError `not_found` */
export async function readStoredImage(
	home: string,
	workerId: string,
	imageId: string
): Promise<{ mimeType: ImageType; bytes: Buffer }> {
	const isName = StoredImage.shape.id.safeParse(imageId).success;
	const bytes = isName ? await readFile(join(home, uploadPath(workerId, imageId)), NO_LINK).catch(() => null) : null;
	const mimeType = bytes && imageTypeOf(bytes);
	if (!bytes || !mimeType) throw new CoppiceError('not_found', 'There is no such image.');
	return { mimeType, bytes };
}

function readImage({ data }: SentImage, index: number, messageId: string): Image {
	const refuse = (code: 'invalid' | 'too_large', message: string) => {
		const issues = [{ path: `images.${index}`, message }];
		return new CoppiceError(code, describeIssues(issues), issues);
	};
	if (data.length > Math.ceil(MAX_IMAGE_BYTES / 3) * 4) throw refuse('too_large', 'is larger than 10 MB');
	if (!/^[A-Za-z0-9+/]*={0,2}$/.test(data)) throw refuse('invalid', 'is not base64');
	const bytes = Buffer.from(data, 'base64');
	if (bytes.length > MAX_IMAGE_BYTES) throw refuse('too_large', 'is larger than 10 MB');
	const mimeType = imageTypeOf(bytes);
	if (!mimeType) throw refuse('invalid', 'is no PNG, JPEG, GIF or WebP');
	const name = uuidOf(createHash('sha256').update(bytes).digest('hex'), messageId);
	return { stored: { id: `${name}.${IMAGE_EXTENSIONS[mimeType]}`, mimeType }, bytes };
}

/** A file that a server wrote only in part before it ended is none. */
async function isKept(file: string, bytes: Buffer): Promise<boolean> {
	const kept = await readFile(file).catch(() => null);
	return kept?.equals(bytes) ?? false;
}
