/** Pictures for a message: told apart by what is in them, not by their names, and refused in words when they are too much. */
import { v4 as randomId } from 'uuid';
import type { DraftImage } from '$lib/client/chat-drafts.svelte';
import { MAX_IMAGE_BYTES, MAX_IMAGES, type ImageType } from '$lib/protocol/chat';

export interface TakenImages {
	readonly images: readonly DraftImage[];
	/** Why others were not taken, a sentence each. */
	readonly problems: readonly string[];
}

/** Where the bytes say so, by the signatures of the four types that agents take. */
export function imageTypeOf(head: Uint8Array): ImageType | null {
	const begins = (...bytes: number[]) => bytes.every((byte, index) => head[index] === byte);
	const text = (from: number, to: number) => String.fromCharCode(...head.slice(from, to));
	if (begins(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png';
	if (begins(0xff, 0xd8, 0xff)) return 'image/jpeg';
	if (text(0, 6) === 'GIF87a' || text(0, 6) === 'GIF89a') return 'image/gif';
	if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'image/webp';
	return null;
}

/** @param already how many the message has */
export async function takeImages(files: readonly File[], already: number): Promise<TakenImages> {
	const images: DraftImage[] = [];
	const problems: string[] = [];
	let left = 0;
	for (const file of files) {
		const name = file.name || 'The image';
		const mimeType = imageTypeOf(new Uint8Array(await file.slice(0, 12).arrayBuffer()));
		if (mimeType === null) problems.push(`${name} is not a PNG, JPEG, GIF or WebP image.`);
		else if (file.size > MAX_IMAGE_BYTES) {
			problems.push(`${name} has ${megabytes(file.size)}. An image may have ${megabytes(MAX_IMAGE_BYTES)}.`);
		} else if (already + images.length >= MAX_IMAGES) left += 1;
		else images.push({ id: randomId(), name, mimeType, blob: file });
	}
	if (left > 0) problems.push(`A message takes ${MAX_IMAGES} images. ${left} ${left === 1 ? 'was' : 'were'} left out.`);
	return { images, problems };
}

/** The files of a paste or a drop; none when it is text, or text beside a picture of it. */
export function filesOf(data: DataTransfer | null): File[] {
	if (!data) return [];
	if (data.types.includes('text/plain') && data.types.includes('text/html')) return [];
	return [...data.files];
}

/** What stands in a JSON request. */
export async function toBase64(blob: Blob): Promise<string> {
	const bytes = new Uint8Array(await blob.arrayBuffer());
	const PART = 32_768;
	let binary = '';
	for (let at = 0; at < bytes.length; at += PART) binary += String.fromCharCode(...bytes.subarray(at, at + PART));
	return btoa(binary);
}

/** One decimal, rounded up, so that nothing too large looks as if it fitted. */
function megabytes(bytes: number): string {
	return `${Math.ceil((bytes / (1024 * 1024)) * 10) / 10} MB`;
}
