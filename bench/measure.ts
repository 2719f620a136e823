import type { Contender } from './contender';

export interface Measure {
	readonly name: string;
	readonly unit: string;
	readonly contenders: readonly Contender[];
	/** One round's figures, by the name of what was measured. */
	run(contender: Contender): Promise<Record<string, number>>;
}

/** The value below which `share` of the values lie. */
export function percentile(values: readonly number[], share: number): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

export function median(values: readonly number[]): number {
	return percentile(values, 0.5);
}
