/**
 * A program on a terminal. Invariants: bytes reach `onOutput` in order, as they came; every byte that the program wrote
 * before it ended reaches it before `onExit`, however long reading was paused; `onExit` is called once.
 */
import { readSync } from 'node:fs';
import { constants } from 'node:os';
import { ReadStream } from 'node:tty';
import { withoutInheritedTerminals } from './inherited-terminals';
import { forkPty, resizePty, type ForkOptions } from './native';
import { WriteQueue } from './write-queue';

/** All terminals read into one buffer: a read is handed on before the next one begins. */
const readBuffer = new Uint8Array(64 * 1024);
/** Silence after the program's end that means its terminal, which a background process holds open, has no more of it. */
const QUIET_MS = 200;
/** More than a terminal can hold: what comes later was written by others. */
const AFTER_EXIT_BYTES = 1024 * 1024;

/** Terminals that are open now. */
const openTerminals = new Set<number>();

export interface PtyExit {
	/** Null when a signal ended it. */
	readonly exitCode: number | null;
	readonly signal: string | null;
}

export interface PtyOptions extends Omit<ForkOptions, 'onExit'> {
	/** The bytes are valid only during the call. */
	onOutput(bytes: Uint8Array): void;
	onExit(exit: PtyExit): void;
}

export interface Pty {
	readonly pid: number;
	/** Queues input, kept by reference; false when too much waits already. */
	write(bytes: Uint8Array): boolean;
	resize(cols: number, rows: number): void;
	/** Stops reading, so that the program waits once the kernel's buffer is full. */
	pause(): void;
	resume(): void;
}

/** @throws when the system can't start another process or terminal */
export function openPty({ onOutput, onExit, ...launch }: PtyOptions): Pty {
	let exit: PtyExit | null = null;
	let bytesAfterExit = 0;
	let quietTimer: NodeJS.Timeout | null = null;
	let paused = false;
	/** Whether the descriptor is still ours: once closed, its number may be given to another terminal. */
	let isOpen = true;
	let isClosed = false;

	const argv = withoutInheritedTerminals(launch.argv, openTerminals);
	const { fd, pid } = forkPty({
		...launch,
		argv,
		onExit(exitCode, signal) {
			exit = signal ? { exitCode: null, signal: signalName(signal) } : { exitCode, signal: null };
			if (isClosed) onExit(exit);
			else awaitQuiet();
		}
	});
	openTerminals.add(fd);
	const input = new WriteQueue(fd);
	const options = { onread: { buffer: readBuffer, callback: onRead } };
	// The types leave out that the options of a socket are passed on to it.
	const stream = new (ReadStream as new (fd: number, options: object) => ReadStream)(fd, options);
	// The terminal's end comes as an error, after which the descriptor is closed, or as an end, which may come early.
	stream.on('error', letGo);
	stream.on('end', () => {
		readRest();
		end();
	});
	stream.on('close', () => {
		letGo();
		isClosed = true;
		if (quietTimer) clearTimeout(quietTimer);
		if (exit) onExit(exit);
	});
	stream.resume();

	function onRead(size: number): boolean {
		onOutput(readBuffer.subarray(0, size));
		if (exit) {
			bytesAfterExit += size;
			if (bytesAfterExit > AFTER_EXIT_BYTES) end();
			else awaitQuiet();
		}
		return !paused;
	}

	/** The event loop takes a hang-up for the end after any read that left room in the buffer, whatever still waits. */
	function readRest(): void {
		try {
			for (let size; (size = readSync(fd, readBuffer)) > 0;) onOutput(readBuffer.subarray(0, size));
		} catch {
			// Now it is the end.
		}
	}

	function awaitQuiet(): void {
		if (quietTimer) clearTimeout(quietTimer);
		quietTimer = paused ? null : setTimeout(end, QUIET_MS);
	}

	function end(): void {
		if (!isOpen) return;
		letGo();
		stream.destroy();
	}

	function letGo(): void {
		isOpen = false;
		input.close();
		openTerminals.delete(fd);
	}

	return {
		pid,
		write: (bytes) => input.push(bytes),
		resize(cols, rows) {
			if (isOpen) resizePty(fd, cols, rows);
		},
		pause() {
			paused = true;
			if (quietTimer) clearTimeout(quietTimer);
			stream.pause();
		},
		resume() {
			paused = false;
			if (exit) awaitQuiet();
			stream.resume();
		}
	};
}

function signalName(number: number): string {
	const name = Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
	return name ?? `signal ${number}`;
}
