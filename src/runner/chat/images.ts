/** The pictures of conversations: files that only their owner reads, outside every repository. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { IMAGE_EXTENSIONS, MAX_IMAGE_BYTES, uploadPath, type ImageType, type StoredImage } from '$lib/protocol/chat';

export interface WorkerImages {
	/** @throws when it is gone */
	read(image: StoredImage): Promise<{ mimeType: string; data: string }>;
	/** Keeps a picture that the agent showed; `data` is base64. @throws when it is too large or of another kind */
	store(mimeType: string, data: string): Promise<StoredImage>;
	removeAll(): Promise<void>;
}

export function imagesOf(home: string, workerId: string): WorkerImages {
	const fileOf = (id: string) => join(home, uploadPath(workerId, id));
	return {
		async read({ id, mimeType }) {
			return { mimeType, data: (await readFile(fileOf(id))).toString('base64') };
		},
		async store(mimeType, data) {
			const extension = IMAGE_EXTENSIONS[mimeType as ImageType] as string | undefined;
			const bytes = Buffer.from(data, 'base64');
			if (!extension || bytes.length > MAX_IMAGE_BYTES) throw new Error(`Not a picture to keep: ${mimeType}`);
			const id = `${randomUUID()}.${extension}`;
			await mkdir(dirname(fileOf(id)), { recursive: true, mode: 0o700 });
			await writeFile(fileOf(id), bytes, { mode: 0o600, flag: 'wx' });
			return { id, mimeType };
		},
		removeAll: () => rm(dirname(fileOf('x')), { recursive: true, force: true })
	};
}
