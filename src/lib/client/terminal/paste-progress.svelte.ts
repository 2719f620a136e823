import type { WorkerConnection } from '../connection/worker-connection';

/** Less than this is through before anybody could read about it. */
const WORTH_TELLING_BYTES = 256 * 1024;
const LOOK_EVERY_MS = 100;

/** How far a long paste has come. */
export class PasteProgress {
	/** Null while nothing long is under way. Bytes. */
	current = $state.raw<{ sent: number; total: number } | null>(null);
	#timer: ReturnType<typeof setInterval> | undefined;

	constructor(private readonly connection: Pick<WorkerConnection, 'waitingBytes'>) {}

	/** Something of this many bytes was typed just now. */
	watch(bytes: number): void {
		if (this.current || bytes < WORTH_TELLING_BYTES) return;
		const total = this.connection.waitingBytes;
		const look = () => {
			const waiting = this.connection.waitingBytes;
			this.current = waiting === 0 ? null : { sent: Math.max(0, total - waiting), total };
			if (waiting === 0) clearInterval(this.#timer);
		};
		clearInterval(this.#timer);
		this.#timer = setInterval(look, LOOK_EVERY_MS);
		look();
	}

	dispose(): void {
		clearInterval(this.#timer);
	}
}
