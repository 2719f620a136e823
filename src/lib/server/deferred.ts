export interface Deferred<Value> {
	promise: Promise<Value>;
	resolve(value: Value): void;
	reject(error: unknown): void;
}

/** A promise with its ends in hand: `Promise.withResolvers`, which Node 20 lacks. */
export function deferred<Value>(): Deferred<Value> {
	let resolve!: (value: Value) => void;
	let reject!: (error: unknown) => void;
	const promise = new Promise<Value>((fulfil, refuse) => {
		resolve = fulfil;
		reject = refuse;
	});
	return { promise, resolve, reject };
}
