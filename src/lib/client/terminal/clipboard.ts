/**
 * Puts text on the clipboard. Needs the focused page; where the page is served without TLS from another machine the old
 * way is all there is.
 * @returns whether it is there
 */
export async function copyText(text: string): Promise<boolean> {
	try {
		await navigator.clipboard.writeText(text);
		return true;
	} catch {
		return copyBySelection(text);
	}
}

/** The clipboard's text; null when the browser does not let a page read it. */
export async function readClipboard(): Promise<string | null> {
	try {
		return await navigator.clipboard.readText();
	} catch {
		return null;
	}
}

function copyBySelection(text: string): boolean {
	const before = document.activeElement;
	const area = document.createElement('textarea');
	area.value = text;
	area.style.position = 'fixed';
	area.style.opacity = '0';
	document.body.append(area);
	area.select();
	const copied = document.execCommand('copy');
	area.remove();
	if (before instanceof HTMLElement) before.focus();
	return copied;
}

/** The largest text that a program may put on the clipboard, in base64. */
const MAX_BASE64 = 1024 * 1024;

/** What OSC 52 asks to put on the clipboard; null when it asks for something else, such as to read it. */
export function clipboardRequest(data: string): string | null {
	const separator = data.indexOf(';');
	const encoded = data.slice(separator + 1);
	if (separator === -1 || encoded === '' || encoded === '?' || encoded.length > MAX_BASE64) return null;
	try {
		const bytes = Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0));
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		return null;
	}
}
