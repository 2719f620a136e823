/**
 * How well a path fits what somebody has typed of it: its characters in order, the more together and the nearer to the name
 * the better. Null when it does not fit; the higher the better. Letters count alike in both cases.
 */
export function matchPath(path: string, typed: string): number | null {
	const wanted = typed.toLowerCase().replaceAll(/\s+/g, '');
	if (wanted === '') return -path.length;
	const text = path.toLowerCase();
	const name = text.slice(text.lastIndexOf('/') + 1);
	const depth = text.split('/').length;
	const shorter = -path.length / 100 - depth;
	if (name === wanted) return 1000 + shorter;
	if (name.startsWith(wanted)) return 800 + shorter;
	if (name.includes(wanted)) return 600 + shorter;
	if (text.includes(wanted)) return 400 + shorter;
	const gaps = gapsIn(name, wanted) ?? gapsIn(text, wanted);
	return gaps === null ? null : 200 - gaps + shorter;
}

/** How many times the characters are not side by side; null when they are not all there in order. */
function gapsIn(text: string, wanted: string): number | null {
	let gaps = 0;
	let at = -1;
	for (const character of wanted) {
		const found = text.indexOf(character, at + 1);
		if (found < 0) return null;
		if (found > at + 1) gaps++;
		at = found;
	}
	return gaps;
}
