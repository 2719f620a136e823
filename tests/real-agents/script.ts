/** What the model says in these tests: whatever the prompt tells it to. */

/** One exchange's worth of a conversation as the model was shown it, in no API's own shape. */
export interface Shown {
	/** Everything that the person and the model said, oldest first. */
	texts: string[];
	/** All pictures, as base64. */
	images: string[];
	/** The last thing that the person asked for. */
	prompt: string;
	/** Results of tools since then, in their words. */
	results: string[];
}

export type Answer =
	| { kind: 'text'; words: string[]; pace: Pace }
	| { kind: 'run'; command: string }
	| { kind: 'ask'; question: string; options: string[] }
	| { kind: 'plan'; plan: string }
	| { kind: 'error'; status: number };

/** How words follow each other: at once, five a second, or each when the test lets it. */
export type Pace = 'quick' | 'slow' | 'held';

export function nothingShown(): Shown {
	return { texts: [], images: [], prompt: '', results: [] };
}

/** @param text said by the person or by the agent in the person's name; the agent adds much around what the person said */
export function showText(shown: Shown, text: string, isPersons: boolean): void {
	shown.texts.push(text);
	if (!isPersons || !INSTRUCTION.test(text)) return;
	shown.prompt = text;
	shown.results = [];
}

const INSTRUCTION = /\b(say|slow|hold|look|run|ask|plan|fail)\[([^\]]*)\]/;

/**
 * A prompt holds instructions, as in `Please run[touch note.txt]`; each after the first follows once a tool has done what the
 * one before it asked for.
 * - `say[text]`, `slow[n]` (n words, five a second), `hold[text|text]` (the second when the test lets it), `look[]` (what
 *   pictures there are) answer with a text;
 * - `run[command]`, `ask[question|option|option]` and `plan[text]` call a tool;
 * - `fail[status]` answers with an HTTP error.
 */
export function answerTo({ prompt, results, images }: Shown): Answer {
	const instructions = [...prompt.matchAll(new RegExp(INSTRUCTION, 'g'))];
	if (instructions.length === 0) return text('Understood.');
	const [, verb, argument = ''] = instructions[results.length] ?? [];
	const parts = argument.split('|');
	switch (verb) {
		case 'say':
			return text(argument);
		case 'slow':
			return { kind: 'text', words: Array.from({ length: Number(argument) }, (_, n) => `word${n} `), pace: 'slow' };
		case 'hold':
			return { kind: 'text', words: parts, pace: 'held' };
		case 'look':
			return text(`Pictures: ${images.length}.`);
		case 'run':
			return { kind: 'run', command: argument };
		case 'ask':
			return { kind: 'ask', question: parts[0]!, options: parts.slice(1) };
		case 'plan':
			return { kind: 'plan', plan: argument };
		case 'fail':
			return { kind: 'error', status: Number(argument) };
		default:
			return text('The command has been dealt with.');
	}
}

function text(content: string): Answer {
	return { kind: 'text', words: content.split(/(?<= )/), pace: 'quick' };
}
