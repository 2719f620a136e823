/** How the model says its words. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Pace } from './script';

const SLOW_MS = 200;

/** Words one after the other, each when its time has come. */
export type Speak = (words: readonly string[], pace: Pace) => AsyncIterable<string>;

export interface Speech {
	readonly speak: Speak;
	/** Lets the next word of each answer that is held be said. */
	letGo(): void;
}

export function createSpeech(): Speech {
	let held: (() => void)[] = [];

	async function pause(pace: Pace): Promise<void> {
		if (pace === 'slow') await delay(SLOW_MS);
		if (pace === 'held') await new Promise<void>((resolve) => held.push(resolve));
	}

	return {
		async *speak(words, pace) {
			for (const [index, word] of words.entries()) {
				if (index > 0) await pause(pace);
				yield word;
			}
		},
		letGo() {
			held.forEach((resolve) => resolve());
			held = [];
		}
	};
}
