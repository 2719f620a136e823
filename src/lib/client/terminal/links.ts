/** A link's address when it is safe to follow: only the web, never `javascript:` or a file. */
export function safeAddress(text: string): string | null {
	if (!URL.canParse(text)) return null;
	const url = new URL(text);
	return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null;
}

/** Opens a link in a tab of its own that knows nothing of this page. */
export function openLink(text: string): void {
	const address = safeAddress(text);
	if (address) window.open(address, '_blank', 'noopener,noreferrer');
}
