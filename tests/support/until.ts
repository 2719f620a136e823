import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks again until the answer is true, or anything but null and undefined, and returns it.
 * @throws after `timeoutMs`, naming what was waited for
 */
export async function until<Answer>(
	what: string,
	ask: () => Answer | Promise<Answer>,
	timeoutMs = 20_000
): Promise<Exclude<Answer, null | undefined | false>> {
	const deadline = Date.now() + timeoutMs;
	for (;;) {
		const answer = await ask();
		if (answer !== null && answer !== undefined && answer !== false) {
			return answer as Exclude<Answer, null | undefined | false>;
		}
		if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain until ${what}`);
		await delay(20);
	}
}
