/** One connection: greets, takes requests and input in, and ends what was open when it closes. */
import type { Socket } from 'node:net';
import { assertNever } from '$lib/protocol/assert-never';
import { CoppiceError } from '$lib/protocol/errors';
import { FrameReader, type Frame } from '$lib/protocol/frames';
import { RUNNER_PROTOCOL, ToRunner, type RunnerCommand, type RunnerNotice } from '$lib/protocol/runner-link';
import type { WorkerRuntime } from '$lib/protocol/worker';
import { Peer } from './peer';
import type { Subscription } from './subscription';

export type SubscribeCommand = Extract<RunnerCommand, { type: 'subscribe' }>;

export interface ConnectionDeps {
	readonly version: string;
	readonly socket: Socket;
	workers(): WorkerRuntime[];
	answer(command: Exclude<RunnerCommand, SubscribeCommand>): Promise<unknown>;
	/** Opens a subscription; nothing is sent before its first `wake`. */
	subscribe(command: SubscribeCommand, peer: Peer): OpenSubscription;
	/** @throws CoppiceError when none of it was taken */
	input(workerId: string, bytes: Uint8Array): void;
	/** The two sides have greeted each other and speak the same. */
	onReady(peer: Peer): void;
	onClosed(peer: Peer): void;
	/** The other side made no sense and was cut off. */
	onFault(error: unknown): void;
}

export interface OpenSubscription {
	readonly subscription: Subscription;
	readonly bounds: { firstSeq: number; lastSeq: number };
	close(): void;
}

type Greeting = 'awaited' | 'understood' | 'foreign';

export function serveConnection(deps: ConnectionDeps): void {
	const { socket } = deps;
	const reader = new FrameReader();
	const peer = new Peer(socket);
	const subscriptions = new Map<number, OpenSubscription>();
	let greeting: Greeting = 'awaited';
	let isOver = false;

	socket.on('data', (chunk) => {
		if (isOver) return;
		try {
			for (const frame of reader.push(chunk)) take(frame);
		} catch (error) {
			isOver = true;
			deps.onFault(error);
			// What was said to it before still leaves.
			socket.destroySoon();
		}
	});
	socket.on('error', () => {});
	socket.on('close', () => {
		for (const open of subscriptions.values()) open.close();
		subscriptions.clear();
		deps.onClosed(peer);
	});

	function take(frame: Frame): void {
		switch (frame.kind) {
			case 'input':
				if (greeting !== 'understood') throw new Error('Input came before a greeting');
				return input(frame.workerId, frame.bytes);
			case 'json':
				return receive(frame.value);
			case 'output':
				throw new Error('A client sent output');
			default:
				assertNever(frame);
		}
	}

	function input(workerId: string, bytes: Uint8Array): void {
		try {
			deps.input(workerId, bytes);
		} catch (error) {
			if (!(error instanceof CoppiceError)) throw error;
			peer.say({ kind: 'refused', workerId, code: error.code, message: error.message });
		}
	}

	function receive(value: unknown): void {
		const parsed = ToRunner.safeParse(value);
		if (!parsed.success) {
			const ref = refOf(value);
			if (ref === null) throw new Error(`A message made no sense: ${parsed.error.message}`);
			return reply(ref, Promise.reject(new CoppiceError('invalid', parsed.error.message)));
		}
		const message = parsed.data;
		switch (message.kind) {
			case 'hello':
				return greet(message.protocol);
			case 'request':
				return request(message.ref, message.command);
			case 'notice':
				if (greeting !== 'understood') throw new Error('A notice came before a greeting');
				return notice(message.notice);
			default:
				assertNever(message);
		}
	}

	function greet(protocol: number): void {
		greeting = protocol === RUNNER_PROTOCOL ? 'understood' : 'foreign';
		const { version } = deps;
		peer.say({ kind: 'hello', protocol: RUNNER_PROTOCOL, version, pid: process.pid, workers: deps.workers() });
		if (greeting === 'understood') deps.onReady(peer);
	}

	function request(ref: number, command: RunnerCommand): void {
		if (greeting === 'awaited') throw new Error('A request came before a greeting');
		// Ending the runner is asked the same in every protocol, so that another version can.
		if (greeting === 'foreign' && command.type !== 'shutdown') throw new Error('A foreign protocol was spoken');
		if (command.type === 'subscribe') return subscribe(ref, command);
		reply(ref, deps.answer(command));
	}

	function subscribe(ref: number, command: SubscribeCommand): void {
		try {
			if (subscriptions.has(command.subscription)) throw new CoppiceError('conflict', 'That number is in use.');
			const open = deps.subscribe(command, peer);
			subscriptions.set(command.subscription, open);
			peer.say({ kind: 'reply', ref, ok: true, data: open.bounds });
			open.subscription.wake();
		} catch (error) {
			reply(ref, Promise.reject(error));
		}
	}

	function notice(said: RunnerNotice): void {
		const open = subscriptions.get(said.subscription);
		switch (said.type) {
			case 'ack':
				return open?.subscription.acknowledge(said.seq);
			case 'unsubscribe':
				open?.close();
				subscriptions.delete(said.subscription);
				return;
			default:
				assertNever(said);
		}
	}

	function reply(ref: number, answer: Promise<unknown>): void {
		answer.then(
			(data) => peer.say({ kind: 'reply', ref, ok: true, data }),
			(error: unknown) => {
				const known = error instanceof CoppiceError;
				if (!known) deps.onFault(error);
				const code = known ? error.code : 'internal';
				const message = error instanceof Error ? error.message : String(error);
				peer.say({ kind: 'reply', ref, ok: false, code, message });
			}
		);
	}
}

function refOf(value: unknown): number | null {
	const { kind, ref } = (value ?? {}) as { kind?: unknown; ref?: unknown };
	return kind === 'request' && Number.isInteger(ref) ? (ref as number) : null;
}
