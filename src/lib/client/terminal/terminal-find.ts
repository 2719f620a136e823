import type { ITheme, Terminal } from '@xterm/xterm';
import { MAX_HITS, isPattern, searchOptions, toFound, type FindOptions, type Found } from './find';
import type { Xterm } from './load-xterm';
import type { HitColors } from './terminal-theme';

/** Looks for text in a terminal's screen and scrollback. */
export class TerminalFind {
	readonly #search: InstanceType<Xterm['SearchAddon']>;
	#hits: HitColors | null = null;
	#isOn = false;
	#how = '';

	constructor(
		private readonly terminal: Terminal,
		{ SearchAddon }: Pick<Xterm, 'SearchAddon'>,
		private readonly options: {
			onFound(found: Found): void;
			/** It began or ended, which changes colours. */
			onToggled(): void;
		}
	) {
		this.#search = new SearchAddon({ highlightLimit: MAX_HITS });
		terminal.loadAddon(this.#search);
		this.#search.onDidChangeResults((results) => this.#isOn && options.onFound(toFound(results)));
	}

	/** The current hit is the terminal's selection: it takes the hit's colours while something is looked for. */
	colors(hits: HitColors): Pick<ITheme, 'selectionBackground' | 'selectionForeground'> {
		this.#hits = hits;
		return this.#isOn ? { selectionBackground: hits.current, selectionForeground: hits.onCurrent } : {};
	}

	/** Goes to the hit after or before the current one; `incremental` stays there while it still matches. */
	go(text: string, options: FindOptions, direction: 'next' | 'previous', incremental: boolean): void {
		this.#toggle(true);
		if (text === '') {
			this.#search.clearDecorations();
			this.terminal.clearSelection();
			return this.options.onFound({ kind: 'nothing_sought' });
		}
		if (options.regex && !isPattern(text)) return this.options.onFound({ kind: 'invalid' });
		// The search itself does not notice that what counts as a hit has changed.
		const how = JSON.stringify(options);
		if (how !== this.#how) this.#search.clearDecorations();
		this.#how = how;
		if (!this.#hits) return;
		const search = { ...searchOptions(options, this.#hits), incremental };
		if (direction === 'next') this.#search.findNext(text, search);
		else this.#search.findPrevious(text, search);
	}

	end(): void {
		if (!this.#isOn) return;
		this.#search.clearDecorations();
		this.#toggle(false);
	}

	#toggle(on: boolean): void {
		if (on === this.#isOn) return;
		this.#isOn = on;
		this.options.onToggled();
	}
}
