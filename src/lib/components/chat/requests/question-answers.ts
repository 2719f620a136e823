import type { Question } from '$lib/protocol/chat';

/** What is chosen for one question so far. */
export interface Chosen {
	readonly labels: readonly string[];
	/** In the reader's own words. */
	readonly own: string;
}

export const NOTHING: Chosen = { labels: [], own: '' };

/** What was chosen for answers that have been sent. */
export function chosenBy(
	questions: readonly Question[],
	answers: Readonly<Record<string, readonly string[]>>
): Record<string, Chosen> {
	return Object.fromEntries(
		questions.map(({ id, options }) => {
			const said = answers[id] ?? [];
			const isOption = (answer: string) => options.some(({ label }) => label === answer);
			return [id, { labels: said.filter(isOption), own: said.find((answer) => !isOption(answer)) ?? '' }];
		})
	);
}

/** Picks an option: one of several takes the place of the other, one of many is taken or left. */
export function pick({ multiple }: Question, chosen: Chosen, label: string): Chosen {
	if (!multiple) return { labels: [label], own: '' };
	const labels = chosen.labels.includes(label)
		? chosen.labels.filter((other) => other !== label)
		: [...chosen.labels, label];
	return { ...chosen, labels };
}

/** Says it in one's own words, which take the place of an option unless many may be picked. */
export function say({ multiple }: Question, chosen: Chosen, own: string): Chosen {
	return { labels: multiple || own.trim() === '' ? chosen.labels : [], own };
}

export function isAnswered({ labels, own }: Chosen): boolean {
	return labels.length > 0 || own.trim() !== '';
}

/** The answers as they are sent, options in the order of the question. */
export function answersOf(
	questions: readonly Question[],
	chosen: Readonly<Record<string, Chosen>>
): Record<string, string[]> {
	return Object.fromEntries(
		questions.map(({ id, options }) => {
			const { labels, own } = chosen[id] ?? NOTHING;
			const picked = options.map(({ label }) => label).filter((label) => labels.includes(label));
			return [id, own.trim() === '' ? picked : [...picked, own.trim()]];
		})
	);
}
