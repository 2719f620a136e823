import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FrameReader, encodeJson, outputFrameHeader } from '$lib/protocol/frames';
import { RUNNER_PROTOCOL, type FromRunner, type ToRunner } from '$lib/protocol/runner-link';
import type { LinkStatus } from './runner-link';
import { SocketLink } from './socket-link';

/** The other end of the wire, in the hands of the test. */
class ScriptedRunner {
	received: ToRunner[] = [];
	readonly sockets = new Set<Socket>();
	#server: Server;

	/** `after` is said in one piece with the hello. */
	constructor(path: string, protocol = RUNNER_PROTOCOL, ...after: FromRunner[]) {
		this.#server = createServer((socket) => {
			this.sockets.add(socket);
			const reader = new FrameReader();
			socket.on('error', () => {});
			socket.on('data', (chunk) => {
				for (const frame of reader.push(chunk)) {
					if (frame.kind !== 'json') continue;
					const message = frame.value as ToRunner;
					this.received.push(message);
					if (message.kind === 'hello') {
						this.send({ kind: 'hello', protocol, version: '9.9.9', pid: 4242, workers: [] }, ...after);
					}
				}
			});
		}).listen(path);
	}

	send(...messages: FromRunner[]): void {
		this.write(Buffer.concat(messages.map(encodeJson)));
	}

	write(bytes: Uint8Array): void {
		for (const socket of this.sockets) socket.write(bytes);
	}

	drop(): void {
		for (const socket of this.sockets) socket.destroy();
		this.sockets.clear();
	}

	/** The last request of a type, once it has come. */
	request(type: string): Promise<Extract<ToRunner, { kind: 'request' }>> {
		return vi.waitFor(() => {
			const found = this.received.findLast((message) => message.kind === 'request' && message.command.type === type);
			if (found?.kind !== 'request') throw new Error(`No ${type} yet`);
			return found;
		});
	}

	close(): void {
		this.drop();
		this.#server.close();
	}
}

let folder: string;
let socketPath: string;
let link: SocketLink | null = null;
let runner: ScriptedRunner | null = null;
let spawned: number;
let statuses: LinkStatus[];
let told: string[];

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'coppice-link-'));
	socketPath = join(folder, 'runner.sock');
	spawned = 0;
	statuses = [];
	told = [];
});

afterEach(() => {
	link?.close();
	runner?.close();
	rmSync(folder, { recursive: true });
});

function startLink(spawn: () => void = () => {}): SocketLink {
	link = new SocketLink({
		socketPath,
		version: '1.0.0',
		spawn: () => {
			spawned++;
			spawn();
		},
		onWorkers: () => told.push('all'),
		onWorkerChanged: ({ id }) => told.push(id),
		onWorkerDropped: () => {},
		onStatus: (status) => statuses.push(status)
	});
	return link;
}

const screenOf = (workerId: string) => ({ type: 'screen', workerId }) as const;

describe('SocketLink', () => {
	it('starts a runner when none listens, and then reaches it', async () => {
		const started = startLink(() => (runner ??= new ScriptedRunner(socketPath)));
		expect(await started.whenOnline()).toBe(4242);
		expect(spawned).toBe(1);
		expect(started.status).toEqual({ online: true, pid: 4242, problem: null });
	});

	it('takes what a runner says of all workers before what changed since, even when both come in one piece', async () => {
		const changed = { kind: 'worker', changes: { id: randomUUID(), state: 'exited' } } as const;
		runner = new ScriptedRunner(socketPath, RUNNER_PROTOCOL, changed);
		await startLink().whenOnline();
		await vi.waitFor(() => expect(told).toEqual(['all', changed.changes.id]));
	});

	it('gives each request its own answer, whatever their order', async () => {
		runner = new ScriptedRunner(socketPath);
		const started = startLink();
		await started.whenOnline();
		const first = started.request(screenOf(randomUUID()));
		const second = started.request(screenOf(randomUUID()));
		await vi.waitFor(() => expect(runner!.received).toHaveLength(3));
		const [one, two] = runner.received.slice(1) as Extract<ToRunner, { kind: 'request' }>[];
		runner.send(
			{ kind: 'reply', ref: two!.ref, ok: false, code: 'not_found', message: 'No such worker.' },
			{ kind: 'reply', ref: one!.ref, ok: true, data: { ansi: 'one' } }
		);
		await expect(second).rejects.toMatchObject({ code: 'not_found', message: 'No such worker.' });
		expect(await first).toEqual({ ansi: 'one' });
	});

	it('says that it is attached before the first output, even when both come in one piece', async () => {
		runner = new ScriptedRunner(socketPath);
		const started = startLink();
		await started.whenOnline();
		const heard: unknown[] = [];
		started.subscribe(
			{ workerId: randomUUID(), after: 0, windowBytes: 1, maxBehindBytes: 1 },
			{
				attached: (bounds) => heard.push(bounds),
				output: (message) => heard.push(Buffer.from(message.subarray(9)).toString()),
				snapshot: () => heard.push('snapshot'),
				event: ({ type }) => heard.push(type),
				refused: () => {},
				ended: ({ code }) => heard.push(code)
			}
		);
		const { ref, command } = await runner.request('subscribe');
		if (command.type !== 'subscribe') throw new Error('Not a subscription');
		const { subscription } = command;
		const bytes = Buffer.from('hello');
		runner.write(
			Buffer.concat([
				encodeJson({ kind: 'reply', ref, ok: true, data: { firstSeq: 1, lastSeq: 2 } }),
				outputFrameHeader(subscription, 1, bytes.length),
				bytes,
				encodeJson({
					kind: 'event',
					subscription,
					seq: 2,
					channel: 'system:status',
					type: 'exited',
					payload: {},
					ts: ''
				})
			])
		);
		await vi.waitFor(() => expect(heard).toHaveLength(3));
		expect(heard).toEqual([{ firstSeq: 1, lastSeq: 2 }, 'hello', 'exited']);
	});

	it('ends what was open when the runner goes, and connects again', async () => {
		runner = new ScriptedRunner(socketPath);
		const started = startLink();
		await started.whenOnline();
		const pending = started.request(screenOf(randomUUID()));
		const ended = vi.fn();
		started.subscribe(
			{ workerId: randomUUID(), after: 0, windowBytes: 1, maxBehindBytes: 1 },
			{ attached: () => {}, output: () => {}, snapshot: () => {}, event: () => {}, refused: () => {}, ended }
		);
		await runner.request('subscribe');
		runner.drop();
		await expect(pending).rejects.toMatchObject({ code: 'runner_unavailable' });
		await vi.waitFor(() => expect(ended).toHaveBeenCalledOnce());
		await vi.waitFor(() => expect(started.status.online).toBe(true));
		expect(statuses.map(({ online }) => online).slice(-3)).toEqual([true, false, true]);
	});

	it('says what to do about a runner of another protocol, and does not start a second one', async () => {
		runner = new ScriptedRunner(socketPath, RUNNER_PROTOCOL + 1);
		const started = startLink();
		await vi.waitFor(() => expect(started.status.problem).toContain('coppice stop --all'));
		expect(started.status.online).toBe(false);
		expect(spawned).toBe(0);
	});

	it('refuses input while the runner is away', () => {
		expect(() => startLink().input(randomUUID(), Buffer.from('x'))).toThrow(
			expect.objectContaining({ code: 'runner_unavailable' })
		);
	});
});
