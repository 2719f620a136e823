/** What keys send that a finger pressed on the key bar instead of a keyboard. */

export interface Held {
	ctrl: boolean;
	alt: boolean;
}

/** A character typed while modifiers are held. */
export function characterSequence(char: string, { ctrl, alt }: Held): string {
	return `${alt ? '\x1b' : ''}${ctrl ? controlCharacter(char) : char}`;
}

export type ArrowKey = 'up' | 'down' | 'left' | 'right';
const ARROWS: Record<ArrowKey, string> = { up: 'A', down: 'B', right: 'C', left: 'D' };

/** @param applicationMode whether the program asked for arrows in its own form */
export function arrowSequence(key: ArrowKey, { ctrl, alt }: Held, applicationMode: boolean): string {
	const modifier = 1 + (alt ? 2 : 0) + (ctrl ? 4 : 0);
	if (modifier > 1) return `\x1b[1;${modifier}${ARROWS[key]}`;
	return `\x1b${applicationMode ? 'O' : '['}${ARROWS[key]}`;
}

/** F1 to F12 as xterm sends them. */
export function functionKey(number: number): string {
	if (number <= 4) return `\x1bO${'PQRS'[number - 1]}`;
	return `\x1b[${[15, 17, 18, 19, 20, 21, 23, 24][number - 5]}~`;
}

/** As a terminal makes it: letters and `@[\]^_` fold into 0 to 31, `?` into DEL, a space into NUL. */
function controlCharacter(char: string): string {
	if (char === ' ') return '\0';
	if (char === '?') return '\x7f';
	const code = char.toUpperCase().charCodeAt(0);
	return char.length === 1 && code >= 64 && code < 96 ? String.fromCharCode(code - 64) : char;
}
