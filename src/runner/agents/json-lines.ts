/** Lines of JSON out of bytes that come in any pieces. */

/** A picture of the greatest size, in base64, fits twice. */
const MAX_LINE_BYTES = 32 * 1024 * 1024;

interface LineSplitter {
	push(bytes: Uint8Array): void;
	/** The stream is over: what is left counts as a line. */
	end(): void;
}

interface LineSplitterOptions {
	onLine(line: string): void;
	/** Told once for each line that was thrown away for its length. */
	onTooLong?(): void;
	maxBytes?: number;
}

/** Bytes that are no UTF-8 become replacement characters; blank lines are left out; a line never ends in a carriage return. */
export function createLineSplitter({
	onLine,
	onTooLong,
	maxBytes = MAX_LINE_BYTES
}: LineSplitterOptions): LineSplitter {
	let pieces: Uint8Array[] = [];
	let length = 0;
	let tooLong = false;

	function keep(piece: Uint8Array) {
		if (tooLong || piece.length === 0) return;
		length += piece.length;
		if (length > maxBytes) {
			tooLong = true;
			pieces = [];
			onTooLong?.();
			return;
		}
		pieces.push(piece);
	}

	function finish() {
		const bytes = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces, tooLong ? 0 : length);
		pieces = [];
		length = 0;
		tooLong = false;
		const line = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
		if (line.trim() !== '') onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
	}

	return {
		push(bytes) {
			let start = 0;
			for (let end; (end = bytes.indexOf(0x0a, start)) !== -1; start = end + 1) {
				keep(bytes.subarray(start, end));
				finish();
			}
			// A copy, because the caller may reuse its buffer.
			if (start < bytes.length) keep(Uint8Array.from(bytes.subarray(start)));
		},
		end: finish
	};
}
