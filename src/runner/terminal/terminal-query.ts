/** The questions that a program asks its terminal. */

/** How the question ended, which is how its answer ends. */
export type Terminator = '\x07' | '\x1b\\';

export type TerminalQuery =
	| { kind: 'primaryAttributes' }
	| { kind: 'secondaryAttributes' }
	| { kind: 'version' }
	| { kind: 'status' }
	/** `end` counts the program's bytes up to and including the question: the answer is where the cursor stood then. */
	| { kind: 'cursor'; isPrivate: boolean; end: number }
	| { kind: 'colorScheme' }
	/** `isSet` is null for a mode that the program never touched. */
	| { kind: 'mode'; mode: number; isPrivate: boolean; isSet: boolean | null }
	| { kind: 'kittyKeyboard' }
	| { kind: 'color'; of: 'foreground' | 'background' | 'cursor'; terminator: Terminator }
	| { kind: 'paletteColor'; index: number; terminator: Terminator }
	| { kind: 'programStatus'; terminator: Terminator }
	/** DECRQSS: `request` is the final characters of the control function asked about. */
	| { kind: 'setting'; request: string }
	| { kind: 'windowPixels' }
	| { kind: 'cellPixels' }
	| { kind: 'windowCells' };

/** The query in a CSI sequence, given as what stands between `CSI` and its last character; null when it asks nothing. */
export function parseCsiQuery(
	body: string,
	final: string,
	isModeSet: (mode: number, isPrivate: boolean) => boolean | null,
	end: number
): TerminalQuery | null {
	switch (final) {
		case 'c':
			if (body === '' || body === '0') return { kind: 'primaryAttributes' };
			if (body === '>' || body === '>0') return { kind: 'secondaryAttributes' };
			return null;
		case 'n':
			if (body === '5') return { kind: 'status' };
			if (body === '6') return { kind: 'cursor', isPrivate: false, end };
			if (body === '?6') return { kind: 'cursor', isPrivate: true, end };
			if (body === '?996') return { kind: 'colorScheme' };
			return null;
		case 'q':
			return body === '>' || body === '>0' ? { kind: 'version' } : null;
		case 'u':
			return body === '?' ? { kind: 'kittyKeyboard' } : null;
		case 't':
			if (body === '14') return { kind: 'windowPixels' };
			if (body === '16') return { kind: 'cellPixels' };
			if (body === '18') return { kind: 'windowCells' };
			return null;
		case 'p': {
			const request = /^(\??)(\d{1,5})\$$/.exec(body);
			if (!request) return null;
			const mode = Number(request[2]);
			const isPrivate = request[1] === '?';
			return { kind: 'mode', mode, isPrivate, isSet: isModeSet(mode, isPrivate) };
		}
		default:
			return null;
	}
}

const DYNAMIC_COLORS = ['foreground', 'background', 'cursor'] as const;

/** The queries in OSC 10, 11 or 12; each further part of `body` is about the next colour. */
export function parseColorQueries(code: number, body: string, terminator: Terminator): TerminalQuery[] {
	const queries: TerminalQuery[] = [];
	for (const [offset, part] of body.split(';').entries()) {
		const of = DYNAMIC_COLORS[code - 10 + offset];
		if (of && part === '?') queries.push({ kind: 'color', of, terminator });
	}
	return queries;
}

/** The queries in OSC 4: pairs of a colour's number and `?`. */
export function parsePaletteQueries(body: string, terminator: Terminator): TerminalQuery[] {
	const queries: TerminalQuery[] = [];
	const parts = body.split(';');
	for (let at = 0; at + 1 < parts.length; at += 2) {
		const index = parts[at]!;
		if (parts[at + 1] === '?' && /^\d{1,3}$/.test(index) && Number(index) < 256) {
			queries.push({ kind: 'paletteColor', index: Number(index), terminator });
		}
	}
	return queries;
}
