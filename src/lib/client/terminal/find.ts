import type { ISearchOptions } from '@xterm/addon-search';
import type { HitColors } from './terminal-theme';

export interface FindOptions {
	caseSensitive: boolean;
	wholeWord: boolean;
	regex: boolean;
}

/** What a search came to. `current` counts from 1; null when the hits are too many to say which one it is. */
export type Found =
	| { kind: 'nothing_sought' }
	| { kind: 'invalid' }
	| { kind: 'none' }
	| { kind: 'some'; current: number | null; count: number; more: boolean };

/** More than these are not marked: each mark costs time at every output. */
export const MAX_HITS = 1000;

export function isPattern(text: string): boolean {
	try {
		new RegExp(text);
		return true;
	} catch {
		return false;
	}
}

export function toFound({ resultIndex, resultCount }: { resultIndex: number; resultCount: number }): Found {
	if (resultCount === 0) return { kind: 'none' };
	return {
		kind: 'some',
		current: resultIndex < 0 ? null : resultIndex + 1,
		count: resultCount,
		more: resultCount >= MAX_HITS
	};
}

export function searchOptions(options: FindOptions, { hit, current }: HitColors): ISearchOptions {
	return {
		...options,
		decorations: {
			matchBackground: hit,
			matchOverviewRuler: current,
			activeMatchBackground: current,
			activeMatchColorOverviewRuler: current
		}
	};
}
