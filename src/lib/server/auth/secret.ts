import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What each of our secrets begins with: they are recognised where they turn up, and told apart. */
const PREFIXES = { key: 'cp_', browser: 'cp_browser_', link: 'cp_link_' } as const;

export type SecretKind = keyof typeof PREFIXES;

/** A new secret of 256 bits. */
export function newSecret(kind: SecretKind): string {
	return PREFIXES[kind] + randomBytes(32).toString('base64url');
}

/** Whether it is, or once was, the token of a link. */
export function isLinkToken(secret: string): boolean {
	return secret.startsWith(PREFIXES.link);
}

/** What is stored of a secret: it can be checked, not used. */
export function hashSecret(secret: string): string {
	return createHash('sha256').update(secret).digest('hex');
}

/** Compares in constant time, whatever the lengths. */
export function isSameSecret(left: string, right: string): boolean {
	return timingSafeEqual(createHash('sha256').update(left).digest(), createHash('sha256').update(right).digest());
}
