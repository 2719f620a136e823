/** The wire of `/ws/session/:sessionId/worker/:workerId`. */
import { z } from 'zod';
import { RequestAnswer, SendMessage } from './chat';
import { ErrorCode } from './errors';
import { Cells, Uuid } from './primitives';
import { flag, integer } from './query';
import { WorkerState } from './state';
import { Worker } from './worker';

export const SUBPROTOCOL = 'coppice.v1';

/** Unacknowledged output that may be in flight to one client. */
export const CLIENT_WINDOW_BYTES = 1024 * 1024;

/** How far behind a client may be and still get every byte, when it does not say. Beyond it gets a snapshot. */
export const DEFAULT_MAX_BEHIND_BYTES = 64 * 1024 * 1024;

/** The largest message that a client may send: a paste of 10 MB with room for its JSON escapes. */
export const MAX_CLIENT_MESSAGE_BYTES = 32 * 1024 * 1024;

export const CloseCode = {
	invalid: 4400,
	unauthorized: 4401,
	forbidden: 4403,
	notFound: 4404,
	deleted: 4410,
	tooMany: 4429,
	serverRestart: 1012,
	runnerAway: 1013
} as const;

export const WorkerSocketQuery = z.strictObject({
	clientId: Uuid.optional(),
	after: integer(0, Number.MAX_SAFE_INTEGER).optional(),
	cols: integer(0, 10_000).pipe(Cells).optional(),
	rows: integer(0, 10_000).pipe(Cells).optional(),
	readonly: flag.optional(),
	/** Behind by more bytes than this, the client would rather have a snapshot than the bytes. */
	maxBehind: integer(0, DEFAULT_MAX_BEHIND_BYTES).optional()
});
export type WorkerSocketQuery = z.infer<typeof WorkerSocketQuery>;

const Ref = z.union([z.string(), z.number()]);

export const WorkerClientMessage = z.discriminatedUnion('type', [
	z.strictObject({ type: z.literal('input'), data: z.string() }),
	z.strictObject({ type: z.literal('resize'), cols: Cells, rows: Cells }),
	/** To a chat. What goes wrong is answered with the message's id as `ref`. */
	z.strictObject({ type: z.literal('message'), ...SendMessage.shape, id: Uuid }),
	z.strictObject({ type: z.literal('cancel'), ref: Ref.optional() }),
	/** What goes wrong is answered with the request's id as `ref`. */
	z.strictObject({ type: z.literal('answer'), requestId: z.string(), ...RequestAnswer.shape }),
	z.strictObject({ type: z.literal('ack'), seq: z.int().min(0) }),
	z.strictObject({ type: z.literal('ping'), ref: Ref.optional() })
]);
export type WorkerClientMessage = z.infer<typeof WorkerClientMessage>;

export const WorkerServerMessage = z.discriminatedUnion('type', [
	z.object({
		type: z.literal('attached'),
		workerId: Uuid,
		state: WorkerState,
		firstSeq: z.int(),
		lastSeq: z.int(),
		cols: Cells,
		rows: Cells,
		viewers: z.int(),
		readonly: z.boolean()
	}),
	z.object({ type: z.literal('snapshot'), seq: z.int(), cols: Cells, rows: Cells, data: z.string() }),
	z.object({
		type: z.literal('event'),
		seq: z.int(),
		channel: z.string(),
		eventType: z.string(),
		payload: z.unknown(),
		ts: z.string()
	}),
	z.object({ type: z.literal('transient'), channel: z.string(), payload: z.unknown() }),
	z.object({ type: z.literal('worker'), data: Worker.partial() }),
	z.object({
		type: z.literal('error'),
		code: ErrorCode,
		message: z.string(),
		ref: z.union([z.string(), z.number()]).optional()
	}),
	z.object({ type: z.literal('pong'), ref: z.union([z.string(), z.number()]).optional() })
]);
export type WorkerServerMessage = z.infer<typeof WorkerServerMessage>;

export { decodeInput, decodeOutput, encodeInput, outputHeader } from './output-frame';
