/** Where UTF-8 can be cut: a copy of a terminal is made as text, which can't carry half a character. */

/** The bytes of the character that `bytes`, coming after `open`, ends in the middle of; empty when it ends in none. */
export function openCharacter(open: Uint8Array, bytes: Uint8Array): Uint8Array {
	const end = bytes.length >= 3 ? bytes.subarray(-3) : Uint8Array.from([...open, ...bytes]).subarray(-3);
	for (let length = 1; length <= end.length; length++) {
		const byte = end[end.length - length]!;
		if ((byte & 0xc0) === 0x80) continue;
		return characterLength(byte) > length ? end.slice(end.length - length) : NONE;
	}
	return NONE;
}

const NONE = new Uint8Array();

function characterLength(lead: number): number {
	if (lead >= 0xc2 && lead < 0xe0) return 2;
	if (lead >= 0xe0 && lead < 0xf0) return 3;
	return lead >= 0xf0 && lead < 0xf5 ? 4 : 1;
}
