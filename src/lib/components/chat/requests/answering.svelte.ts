import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import { sentenceOf } from '$lib/client/api';
import type { RequestAnswer } from '$lib/protocol/chat';
import { CoppiceError } from '$lib/protocol/errors';

/** Requests that this page has answered, by their ids, which no two requests share: whoever shows one later can say so. */
const own = new SvelteSet<string>();
/** Those that somebody else had answered first. */
const late = new SvelteSet<string>();
/** Those whose last answer was refused. */
const refusals = new SvelteMap<string, Refusal>();

export interface Refusal {
	readonly answer: RequestAnswer;
	/** Why, in a sentence. */
	readonly problem: string;
}

/** Answers requests, and remembers what came of it. */
export class Answering {
	constructor(private readonly send: (requestId: string, answer: RequestAnswer) => Promise<unknown>) {}

	/** Resolves when it is done, well or not: what went wrong is in `refusalOf`. */
	async answer(requestId: string, answer: RequestAnswer): Promise<void> {
		refusals.delete(requestId);
		own.add(requestId);
		try {
			await this.send(requestId, answer);
		} catch (error) {
			if (error instanceof CoppiceError && error.code === 'conflict') {
				late.add(requestId);
				return;
			}
			own.delete(requestId);
			refusals.set(requestId, { answer, problem: sentenceOf(error) });
		}
	}

	isOwn(requestId: string): boolean {
		return own.has(requestId);
	}

	/** Whether another answer came first. */
	wasLate(requestId: string): boolean {
		return late.has(requestId);
	}

	refusalOf(requestId: string): Refusal | null {
		return refusals.get(requestId) ?? null;
	}
}
