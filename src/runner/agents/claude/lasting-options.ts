import { readableName } from '$lib/agents/claude-tools';
import { objects, string, strings, type Loose } from '$lib/agents/loose';
import type { RequestOption } from '$lib/protocol/chat';
import { editable } from '../pattern-option';

interface LastingOption {
	readonly option: RequestOption;
	/** Why a pattern can't take the place of the option's own; null when it can. */
	refusalOf(pattern: string): string | null;
	/** What the agent is told; `pattern` takes the place of the option's own. */
	update(pattern: string | undefined): Loose;
}

/** What the agent proposes to allow from now on; always for this conversation only, never written to its settings. */
export function lastingOptions(raw: Loose): LastingOption[] {
	const suggestions = raw.suppress_always_allow_rule === true ? [] : objects(raw.permission_suggestions);
	const hasRules = suggestions.some(({ type }) => type === 'addRules');
	return suggestions.flatMap((suggestion, index) => {
		const update = { ...suggestion, destination: 'session' };
		const always = { optionId: `always-${index}`, kind: 'allow_always' as const };
		switch (suggestion.type) {
			case 'addRules':
				return suggestion.behavior === 'allow' ? [ruleOption(always, update, objects(suggestion.rules))] : [];
			case 'setMode':
				if (suggestion.mode !== 'acceptEdits') return [];
				return [fixed({ ...always, name: 'Accept all edits in this conversation' }, update)];
			case 'addDirectories': {
				// Beside a rule it would allow more than the rule says, and the rule is enough.
				if (hasRules) return [];
				const pattern = strings(suggestion.directories).join(', ');
				return [fixed({ ...always, name: 'Always allow in this folder', pattern }, update)];
			}
			default:
				return [];
		}
	});
}

function ruleOption(
	always: Pick<RequestOption, 'optionId' | 'kind'>,
	update: Loose,
	rules: readonly Loose[]
): LastingOption {
	const name = 'Always allow in this conversation';
	const [only] = rules;
	const toolName = string(only?.toolName) ?? '';
	const ruleContent = string(only?.ruleContent);
	if (rules.length === 1 && ruleContent !== undefined) {
		return {
			option: { ...always, name, ...editable(ruleContent) },
			refusalOf: (pattern) => refusalOfRule(toolName, pattern),
			update: (pattern = ruleContent) => ({ ...update, rules: [{ ...only, ruleContent: pattern }] })
		};
	}
	// One line would have to stand for several rules, or for a tool as a whole.
	const pattern = rules.map((rule) => string(rule.ruleContent) ?? readableName(string(rule.toolName) ?? '')).join(', ');
	return fixed({ ...always, name, pattern }, update);
}

function fixed(option: RequestOption, update: Loose): LastingOption {
	return { option, refusalOf: () => null, update: () => update };
}

/** The agent takes any rule and says nothing of one that never matches. */
function refusalOfRule(toolName: string, pattern: string): string | null {
	if (toolName !== 'WebFetch' || /^domain:[^\s/]+$/.test(pattern)) return null;
	return 'What may be fetched is named by its host, as in "domain:example.com".';
}
