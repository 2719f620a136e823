import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A new secret of 256 bits, recognisable as ours where it turns up. */
export function newSecret(): string {
	return `cp_${randomBytes(32).toString('base64url')}`;
}

/** What is stored of a secret: it can be checked, not used. */
export function hashSecret(secret: string): string {
	return createHash('sha256').update(secret).digest('hex');
}

/** Compares in constant time, whatever the lengths. */
export function isSameSecret(left: string, right: string): boolean {
	return timingSafeEqual(createHash('sha256').update(left).digest(), createHash('sha256').update(right).digest());
}
