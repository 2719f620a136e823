import type { ArgumentTemplate } from '$lib/protocol/agent';

/** What placeholders stand for; null: it has no value. A list can only stand for a whole argument. */
export type ArgumentValues = Readonly<Record<string, string | readonly string[] | null>>;

const PLACEHOLDER = /\{(\w+)\}/g;

/**
 * Fills a template in. A value never becomes anything but a part of its own argument, whatever it contains: nothing is split,
 * and what looks like a placeholder in a value is text.
 *
 * An argument that is the prompt alone, with nothing in front of it that could be its option, gets a `--` before it when it
 * begins with a dash, so that no program takes it for an option.
 */
export function expandArguments(template: ArgumentTemplate, values: ArgumentValues): string[] {
	const argv: string[] = [];
	for (const part of template) {
		const group = typeof part === 'string' ? [part] : part;
		if (group.some((argument) => lacksValue(argument, values))) continue;
		for (const argument of group) {
			const expanded = expandArgument(argument, values);
			if (argument === '{prompt}' && expanded[0]?.startsWith('-') && !argv.at(-1)?.startsWith('-')) argv.push('--');
			argv.push(...expanded);
		}
	}
	return argv;
}

function lacksValue(argument: string, values: ArgumentValues): boolean {
	return [...argument.matchAll(PLACEHOLDER)].some(([, name]) => valueOf(values, name!) === null);
}

function expandArgument(argument: string, values: ArgumentValues): readonly string[] {
	const whole = /^\{(\w+)\}$/.exec(argument);
	const list = whole && valueOf(values, whole[1]!);
	if (Array.isArray(list)) return list as readonly string[];
	return [
		argument.replace(PLACEHOLDER, (text, name: string) => {
			const value = valueOf(values, name);
			return typeof value === 'string' ? value : text;
		})
	];
}

/** Undefined for text in braces that is no placeholder of ours. */
function valueOf(values: ArgumentValues, name: string): string | readonly string[] | null | undefined {
	return Object.hasOwn(values, name) ? values[name] : undefined;
}
