/** What the model says in these tests: whatever the prompt tells it to. */

/** One exchange's worth of a conversation as the model was shown it, in neither API's own shape. */
export interface Shown {
	/** Everything that the person and the model said, oldest first. */
	texts: string[];
	/** The last thing that the person asked for. */
	prompt: string;
	/** Results of tools since then. */
	toolResults: number;
}

export type Answer =
	| { kind: 'text'; words: string[]; pauseMs: number }
	| { kind: 'run'; command: string }
	| { kind: 'error'; status: number };

/**
 * A prompt holds one instruction, as in `Please run[touch note.txt]`:
 * `say[text]` answers with the text, `run[command]` asks to run a command and then says so, `slow[n]` says n words, five a second,
 * `fail[status]` answers with an HTTP error.
 */
export function answerTo({ prompt, toolResults }: Shown): Answer {
	const [, verb, argument = ''] = /\b(say|run|slow|fail)\[([^\]]*)\]/.exec(prompt) ?? [];
	switch (verb) {
		case 'run':
			if (toolResults > 0) return text('The command has been dealt with.');
			return { kind: 'run', command: argument };
		case 'slow':
			return { kind: 'text', words: Array.from({ length: Number(argument) }, (_, n) => `word${n} `), pauseMs: 200 };
		case 'fail':
			return { kind: 'error', status: Number(argument) };
		case 'say':
			return text(argument);
		default:
			return text('Understood.');
	}
}

/** Whether a text is an instruction to this model; agents add much around what the person said. */
export function isInstruction(content: string): boolean {
	return /\b(say|run|slow|fail)\[/.test(content);
}

function text(content: string): Answer {
	return { kind: 'text', words: content.split(/(?<= )/), pauseMs: 0 };
}
