import { z } from 'zod';
import { Interface } from './agent';
import { Cells, Timestamp, Uuid } from './primitives';
import { WorkerState } from './state';

/** One entry of a worker's log. `seq` is dense from 1 and never reused. */
export const Event = z
	.object({
		seq: z.int().min(1),
		channel: z.string(),
		type: z.string(),
		payload: z.unknown(),
		ts: Timestamp
	})
	.meta({ id: 'Event' });
export type Event = z.infer<typeof Event>;

export const ResizePayload = z.object({ cols: Cells, rows: Cells, clientId: z.string().nullable() });
export type ResizePayload = z.infer<typeof ResizePayload>;

export const StartMode = z.enum(['fresh', 'continue']);
export type StartMode = z.infer<typeof StartMode>;

/** `pid` is null for a chat whose agent is not running yet. */
const Started = z.object({
	pid: z.int().nullable(),
	mode: StartMode,
	interface: Interface.default('terminal'),
	cols: Cells,
	rows: Cells
});

/** Types of channel `system:status`, each with its payload. */
export const StatusEvent = z.discriminatedUnion('type', [
	z.object({
		type: z.literal('started'),
		payload: Started
	}),
	z.object({
		type: z.literal('restarted'),
		payload: Started
	}),
	z.object({
		type: z.literal('exited'),
		payload: z.object({
			exitCode: z.int().nullable(),
			signal: z.string().nullable(),
			errorMessage: z.string().nullable()
		})
	}),
	z.object({ type: z.literal('interrupted'), payload: z.object({ pid: z.int().nullable() }) }),
	z.object({
		type: z.literal('state'),
		payload: z.object({
			from: WorkerState,
			to: WorkerState,
			detail: z.string().nullable(),
			errorMessage: z.string().nullable()
		})
	})
]);
export type StatusEvent = z.infer<typeof StatusEvent>;

export const EventPage = z
	.object({
		events: z.array(Event),
		firstSeq: z.int(),
		lastSeq: z.int(),
		/** Cursor for the next page; null when this page reaches the end. */
		next: z.int().nullable()
	})
	.meta({ id: 'EventPage' });
export type EventPage = z.infer<typeof EventPage>;

export const ScreenFormat = z.enum(['text', 'ansi', 'json']);
export type ScreenFormat = z.infer<typeof ScreenFormat>;

/** A terminal's screen as of a `seq`. */
export const Screen = z
	.object({
		workerId: Uuid,
		seq: z.int(),
		cols: Cells,
		rows: Cells,
		cursor: z.object({ x: z.int(), y: z.int() }),
		title: z.string(),
		alternate: z.boolean(),
		lines: z.array(z.string())
	})
	.meta({ id: 'Screen' });
export type Screen = z.infer<typeof Screen>;
