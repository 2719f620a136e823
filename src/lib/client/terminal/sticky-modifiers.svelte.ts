import { arrowSequence, characterSequence, type ArrowKey, type Held } from './key-sequences';

export type Modifier = 'ctrl' | 'alt';
/** `once` holds for the next key, `locked` until it is tapped again. */
export type Hold = 'off' | 'once' | 'locked';

const NEXT: Record<Hold, Hold> = { off: 'once', once: 'locked', locked: 'off' };

/** Ctrl and Alt of the key bar, which a finger can't hold down. */
export class StickyModifiers {
	ctrl = $state<Hold>('off');
	alt = $state<Hold>('off');

	/** A tap: once, a second tap locks, a third lets go. */
	tap(modifier: Modifier): void {
		this[modifier] = NEXT[this[modifier]];
	}

	/** What they make of typed text. They wait for a key: a paste or a composed word is none. */
	readonly apply = (text: string): string => {
		if (text.length !== 1 || text === '\x1b') return text;
		return characterSequence(text, this.#use());
	};

	arrow(key: ArrowKey, applicationMode: boolean): string {
		return arrowSequence(key, this.#use(), applicationMode);
	}

	/** What is held now; a single tap is used up. */
	#use(): Held {
		const held = { ctrl: this.ctrl !== 'off', alt: this.alt !== 'off' };
		if (this.ctrl === 'once') this.ctrl = 'off';
		if (this.alt === 'once') this.alt = 'off';
		return held;
	}
}
