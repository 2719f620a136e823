/** What is measured: something that runs a command in a terminal and shows its output to a client. */
export interface Contender {
	readonly name: string;
	start(): Promise<RunningContender>;
}

export interface RunningContender {
	/** Runs a shell line in a new terminal and attaches to it. Resolves when attached. */
	open(line: string): Promise<Terminal>;
	/** The processes that stand between the terminal's program and the client. */
	pids(): number[];
	stop(): Promise<void>;
}

export interface Terminal {
	write(data: string): void;
	/** Replaces the listener. */
	onOutput(listener: (bytes: Uint8Array) => void): void;
	/** A second client comes to the terminal; resolves when it has all that it shows, down to the text `last`. */
	attachAgain(last: string): Promise<void>;
	/** The client stops reading, and does not say so. */
	stall(): void;
}

/** Whether a text has come; it may come in pieces. */
export function watchFor(text: string): (bytes: Uint8Array | string) => boolean {
	const wanted = Buffer.from(text);
	let tail = Buffer.alloc(0);
	return (bytes) => {
		tail = Buffer.concat([tail, Buffer.from(bytes as Uint8Array)]);
		if (tail.includes(wanted)) return true;
		tail = tail.subarray(-wanted.length);
		return false;
	};
}
