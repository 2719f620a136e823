/** The last part of a path on the server's machine; empty for its root. */
export function folderName(path: string): string {
	return path.replace(/\/+$/, '').split('/').at(-1) ?? '';
}
