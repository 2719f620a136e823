/** Waits until something that comes in bursts has stopped. */
export interface Quiet {
	/** It came again. */
	disturb(): void;
	/** Resolves once it has not come for `quietMs`, after `maxMs` in any case. */
	wait(): Promise<void>;
}

export function createQuiet(quietMs: number, maxMs: number): Quiet {
	let done: (() => void) | null = null;
	let timer: NodeJS.Timeout | undefined;

	return {
		disturb() {
			if (done) timer?.refresh();
		},
		wait: () =>
			new Promise((resolve) => {
				const last = setTimeout(() => done?.(), maxMs);
				done = () => {
					done = null;
					clearTimeout(timer);
					clearTimeout(last);
					resolve();
				};
				timer = setTimeout(done, quietMs);
			})
	};
}
