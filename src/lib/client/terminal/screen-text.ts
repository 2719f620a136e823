import type { IBuffer } from '@xterm/xterm';

/** All that a terminal holds, scrollback first, as plain lines. Rows that only the width broke are joined. */
export function screenText(buffer: IBuffer): string {
	const lines: string[] = [];
	for (let row = 0; row < buffer.length; row++) {
		const line = buffer.getLine(row);
		if (!line) continue;
		const isBroken = buffer.getLine(row + 1)?.isWrapped ?? false;
		const text = line.translateToString(!isBroken);
		if (line.isWrapped && lines.length > 0) lines[lines.length - 1] += text;
		else lines.push(text);
	}
	return lines.join('\n').trimEnd();
}
