const MOST_WORDS = 5;
const MOST_CHARACTERS = 48;
/** Say nothing about what a branch is for. */
const FILLERS = new Set(['a', 'an', 'and', 'for', 'in', 'of', 'on', 'or', 'please', 'so', 'that', 'the', 'to', 'with']);

/** A branch name for what an agent is asked to do; empty when there is nothing to take it from. */
export function branchFromPrompt(prompt: string): string {
	const words = prompt
		.normalize('NFKD')
		.replace(/\p{Mark}/gu, '')
		.toLowerCase()
		.split(/[^\p{Letter}\p{Number}]+/u)
		.filter((word) => word && !FILLERS.has(word));
	let name = '';
	for (const word of words.slice(0, MOST_WORDS)) {
		const longer = name ? `${name}-${word}` : word;
		if (longer.length > MOST_CHARACTERS) break;
		name = longer;
	}
	return name;
}

/** A new branch for work that has no prompt to name it: `shell`, `shell-2` and so on. */
export function freeBranchName(wish: string, taken: readonly string[]): string {
	const names = new Set(taken);
	let name = wish;
	for (let n = 2; names.has(name); n++) name = `${wish}-${n}`;
	return name;
}
