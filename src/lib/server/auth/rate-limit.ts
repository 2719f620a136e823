import { CoppiceError } from '$lib/protocol/errors';

/**
 * Allows `most` tries in any `windowMs`; a success need not be counted.
 * @returns a function that counts one try and throws CoppiceError `rate_limited` beyond the limit
 */
export function rateLimit(most: number, windowMs: number, now: () => Date): () => void {
	let tries: number[] = [];
	return () => {
		const time = now().getTime();
		tries = tries.filter((at) => at > time - windowMs);
		if (tries.length >= most) {
			const waitS = Math.ceil((tries[0]! + windowMs - time) / 1000);
			throw new CoppiceError('rate_limited', `Too many tries. Try again in ${waitS} s.`);
		}
		tries.push(time);
	};
}
