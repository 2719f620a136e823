/**
 * Run by an agent as its hook: hands the report on its standard input to the runner. Whatever goes wrong, it ends soon, with
 * success and no opinion, because the agent waits for it and would take a failure for a verdict.
 */
import { connect } from 'node:net';
import { RUNNER_PROTOCOL } from '$lib/protocol/runner-protocol';
import type { ToRunner } from '$lib/protocol/runner-link';
import { encodeJson, FrameReader } from '$lib/protocol/frames';

const MAX_INPUT_BYTES = 1024 * 1024;
const PATIENCE_MS = 2000;

const { COPPICE_WORKER_ID: workerId, COPPICE_RUNNER_SOCKET: socketPath } = process.env;

setTimeout(finish, PATIENCE_MS);
process.on('uncaughtException', finish);
process.on('unhandledRejection', finish);

const body = await readReport();
if (workerId && socketPath && body) await report(socketPath, workerId, body);
finish();

function finish(): void {
	// Written before the end even where a pipe is asynchronous.
	process.stdout.write('{}\n', () => process.exit(0));
	process.stdout.on('error', () => process.exit(0));
}

/** Null when the input is too long or not a JSON object. */
async function readReport(): Promise<Record<string, unknown> | null> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size > MAX_INPUT_BYTES) return null;
		chunks.push(chunk);
	}
	const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
}

/** Resolves when the runner has answered, or will not. */
function report(path: string, worker: string, hookBody: Record<string, unknown>): Promise<void> {
	return new Promise((resolve) => {
		const socket = connect(path);
		const reader = new FrameReader();
		const say = (message: ToRunner) => socket.write(encodeJson(message));
		socket.on('connect', () => {
			say({ kind: 'hello', protocol: RUNNER_PROTOCOL, version: 'agent-hook' });
			say({ kind: 'request', ref: 1, command: { type: 'hook', workerId: worker, body: hookBody } });
		});
		socket.on('data', (chunk) => {
			for (const frame of reader.push(chunk)) {
				if (frame.kind === 'json' && (frame.value as { kind?: unknown }).kind === 'reply') resolve();
			}
		});
		socket.on('error', () => resolve());
		socket.on('close', () => resolve());
	});
}
