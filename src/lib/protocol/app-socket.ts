/** The wire of `/ws/app`: what a page needs to show everything without asking again. */
import { z } from 'zod';
import { Agent } from './agent';
import { OpenRequest } from './chat';
import { Timestamp, Uuid } from './primitives';
import { Project } from './project';
import { integer } from './query';
import { Session } from './session';
import { Worker } from './worker';

export const Host = z
	.object({
		id: z.string(),
		name: z.string(),
		/** Whether its runner answers. */
		online: z.boolean(),
		/** Why it does not, in words to act on. */
		problem: z.string().nullable(),
		runnerPid: z.int().nullable()
	})
	.meta({ id: 'Host' });
export type Host = z.infer<typeof Host>;

/** A worker that waits for a person. Its id is the worker's. */
export const Attention = z.object({
	id: Uuid,
	sessionId: Uuid,
	workerId: Uuid,
	kind: z.enum(['needs_input', 'error', 'interrupted']),
	detail: z.string().nullable(),
	/** What a chat asks, to be answered in place; null where the worker itself must be looked at. */
	request: OpenRequest.nullable(),
	since: Timestamp
});
export type Attention = z.infer<typeof Attention>;

const removed = z.object({ id: z.string() });

/** One change. `updated` carries the id and only the fields that changed. */
export const AppChange = z.discriminatedUnion('type', [
	z.object({ type: z.literal('project.created'), data: Project }),
	z.object({ type: z.literal('project.updated'), data: Project.partial().required({ id: true }) }),
	z.object({ type: z.literal('project.deleted'), data: removed }),
	z.object({ type: z.literal('session.created'), data: Session }),
	z.object({
		type: z.literal('session.updated'),
		data: Session.omit({ workers: true }).partial().required({ id: true })
	}),
	z.object({ type: z.literal('session.deleted'), data: removed }),
	z.object({ type: z.literal('worker.created'), data: Worker }),
	z.object({ type: z.literal('worker.updated'), data: Worker.partial().required({ id: true, sessionId: true }) }),
	z.object({ type: z.literal('worker.deleted'), data: removed.extend({ sessionId: Uuid }) }),
	z.object({ type: z.literal('agent.created'), data: Agent }),
	z.object({ type: z.literal('agent.updated'), data: Agent.partial().required({ id: true }) }),
	z.object({ type: z.literal('agent.deleted'), data: removed }),
	z.object({ type: z.literal('host.updated'), data: Host.partial().required({ id: true }) }),
	z.object({ type: z.literal('attention.opened'), data: Attention }),
	z.object({ type: z.literal('attention.closed'), data: removed })
]);
export type AppChange = z.infer<typeof AppChange>;

export const AppServerMessage = z.union([
	z.object({ type: z.literal('hello'), epoch: Uuid, seq: z.int() }),
	z.object({
		type: z.literal('sync'),
		projects: z.array(Project),
		sessions: z.array(Session),
		agents: z.array(Agent),
		hosts: z.array(Host),
		attention: z.array(Attention)
	}),
	z.object({ type: z.literal('pong'), ref: z.union([z.string(), z.number()]).optional() }),
	AppChange.and(z.object({ seq: z.int() }))
]);
export type AppServerMessage = z.infer<typeof AppServerMessage>;

export const AppSocketQuery = z.strictObject({
	/** Of the last hello. One that is not this server's is answered by a sync, whatever it looks like. */
	epoch: z.string().optional(),
	after: integer(0, Number.MAX_SAFE_INTEGER).optional()
});

export const AppClientMessage = z.strictObject({
	type: z.literal('ping'),
	ref: z.union([z.string(), z.number()]).optional()
});
