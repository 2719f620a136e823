/** The agent allows commands by the words that they begin with. As a pattern: these words, and ` *` for what may follow. */

/** What needs no quotes in a shell. */
const PLAIN = /^[\w@%+=:,./~-]+$/;
const MOST_EXAMPLES = 4;

export function patternOf(words: readonly string[]): string {
	const quoted = words.map((word) => (PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`));
	return `${quoted.join(' ')} *`;
}

/** The words of a command that begins with `known`: all of them where they are plain, else the known ones. */
export function wordsOf(command: string, known: readonly string[]): readonly string[] {
	const words = command.trim().split(/\s+/);
	const isSafe = words.every((word) => PLAIN.test(word)) && known.every((word, index) => word === words[index]);
	return isSafe ? words : known;
}

/** The beginning of a command that a pattern stands for; null when it stands for none. */
export function prefixOf(words: readonly string[], pattern: string): readonly string[] | null {
	return beginnings(words).find((beginning) => plainly(patternOf(beginning)) === plainly(pattern)) ?? null;
}

/** Which patterns there are for a command, as a sentence. */
export function sayPatterns(words: readonly string[]): string {
	const examples = beginnings(words)
		.slice(0, MOST_EXAMPLES)
		.map((beginning) => `"${patternOf(beginning)}"`);
	const more = words.length > MOST_EXAMPLES ? ' and so on' : '';
	return `The agent allows commands by the words that they begin with. Of this one: ${examples.join(', ')}${more}.`;
}

function beginnings(words: readonly string[]): readonly (readonly string[])[] {
	return words.map((_, index) => words.slice(0, index + 1));
}

const plainly = (pattern: string) => pattern.replace(/\s+/g, ' ').trim();
