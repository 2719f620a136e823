import type { ArgumentTemplate } from '$lib/protocol/agent';

/**
 * Arguments as lines to edit: one argument a line. A group, which is left out whole when a placeholder in it has no
 * value, is one line with its parts separated by spaces and brackets around it.
 */
export function formatArguments(template: ArgumentTemplate): string {
	return template.map((entry) => (typeof entry === 'string' ? entry : `[${entry.join(' ')}]`)).join('\n');
}

/** The way back. Empty lines are left out. */
export function parseArguments(text: string): ArgumentTemplate {
	return text
		.split('\n')
		.map((line) => line.trim())
		.filter((line) => line !== '')
		.map((line) => {
			const group = /^\[(.+)\]$/.exec(line)?.[1];
			return group ? group.split(/\s+/).filter((part) => part !== '') : line;
		});
}
