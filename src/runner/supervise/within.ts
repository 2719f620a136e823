/** Waits for a promise, but for no longer than `ms`: on a full disk some things never come. @throws what the promise does */
export async function within(ms: number, promise: Promise<unknown>): Promise<void> {
	let timer: NodeJS.Timeout;
	const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
	await Promise.race([promise, patience]).finally(() => clearTimeout(timer));
}
