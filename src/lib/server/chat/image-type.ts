import type { ImageType } from '$lib/protocol/chat';

/** What an image is by its first bytes, whatever it is called; null when it is none of those that agents understand. */
export function imageTypeOf(bytes: Buffer): ImageType | null {
	const starts = (signature: string, at = 0) =>
		bytes.subarray(at, at + signature.length).equals(Buffer.from(signature, 'latin1'));
	if (starts('\x89PNG\r\n\x1a\n')) return 'image/png';
	if (starts('\xff\xd8\xff')) return 'image/jpeg';
	if (starts('GIF87a') || starts('GIF89a')) return 'image/gif';
	if (starts('RIFF') && starts('WEBP', 8)) return 'image/webp';
	return null;
}
