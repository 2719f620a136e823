const tails = new Map<string, Promise<unknown>>();

/** Runs `work` after everything that was given before it under the same key, so that no two overlap. */
export async function oneAtATime<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
	const before = tails.get(key) ?? Promise.resolve();
	const mine = before.then(work, work);
	const tail = mine.catch(() => {});
	tails.set(key, tail);
	try {
		return await mine;
	} finally {
		if (tails.get(key) === tail) tails.delete(key);
	}
}

/** Like oneAtATime under several keys at once. Everybody takes them in one order, so that no two wait for each other. */
export async function oneAtATimeUnderAll<Result>(
	keys: readonly string[],
	work: () => Promise<Result>
): Promise<Result> {
	const [first, ...rest] = keys.toSorted();
	return first === undefined ? work() : oneAtATime(first, () => oneAtATimeUnderAll(rest, work));
}
