/** What is being completed at the caret of a message: a file after `@`, or a command that the message begins with. */
export interface Trigger {
	readonly kind: 'file' | 'command';
	/** What is typed of it so far. */
	readonly query: string;
	/** Where its sign stands, and where the word ends that a choice replaces. */
	readonly from: number;
	readonly to: number;
}

export interface Completed {
	readonly text: string;
	readonly caret: number;
}

/** @returns null where nothing is to be completed */
export function triggerAt(text: string, caret: number): Trigger | null {
	const from = startOfWord(text, caret);
	const word = text.slice(from, caret);
	const to = caret + (/^\S*/.exec(text.slice(caret))?.[0].length ?? 0);
	if (from === 0 && word.startsWith('/')) return { kind: 'command', query: word.slice(1), from, to };
	const at = /^[([{"']*@/.exec(word);
	if (!at) return null;
	const sign = from + at[0].length - 1;
	return { kind: 'file', query: text.slice(sign + 1, caret), from: sign, to };
}

/** The text with a choice in place of what was typed, the caret behind it; a folder can be gone on with at once. */
export function complete(text: string, { kind, from, to }: Trigger, value: string): Completed {
	const inserted = kind === 'command' ? `/${value}` : `@${value}`;
	const rest = text.slice(to);
	const space = value.endsWith('/') || /^\s/.test(rest) ? '' : ' ';
	const head = text.slice(0, from) + inserted + space;
	// Behind the space that stands there already.
	const caret = head.length + (space === '' && /^[ \t]/.test(rest) && !value.endsWith('/') ? 1 : 0);
	return { text: head + rest, caret };
}

/** Commands for what is typed: those that begin with it first, then those that contain it. */
export function matchCommands<Command extends { readonly name: string }>(
	commands: readonly Command[],
	query: string
): Command[] {
	const wanted = query.toLowerCase();
	const begins = commands.filter(({ name }) => name.toLowerCase().startsWith(wanted));
	const contains = commands.filter(
		(command) => !begins.includes(command) && command.name.toLowerCase().includes(wanted)
	);
	return [...begins, ...contains];
}

function startOfWord(text: string, caret: number): number {
	let at = caret;
	while (at > 0 && !/\s/.test(text[at - 1] ?? '')) at -= 1;
	return at;
}
