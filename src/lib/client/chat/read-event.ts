/** Reads what a chat's log says; what a newer server may say and we do not know is passed over. */
import { z } from 'zod';
import { ChatEvent } from '$lib/protocol/chat';
import { StatusEvent } from '$lib/protocol/event';
import type { StreamItem } from '../connection/stream';
import type { TranscriptEvent } from './transcript';

/** By channel and type, so that one schema is tried and not each of them. */
const SCHEMAS = new Map<string, z.ZodType>();
for (const event of ChatEvent.options) {
	const { channel, type } = event.shape;
	const types = type instanceof z.ZodEnum ? type.options : [...type.values];
	for (const name of types) SCHEMAS.set(`${[...channel.values][0]} ${name}`, event.shape.payload);
}
for (const { shape } of StatusEvent.options) SCHEMAS.set(`system:status ${[...shape.type.values][0]}`, shape.payload);

/** @returns null for what is no part of a conversation */
export function readEvent(item: StreamItem): TranscriptEvent | null {
	if (item.kind !== 'event') return null;
	const { seq, ts, channel, eventType } = item;
	const payload = SCHEMAS.get(`${channel} ${eventType}`)?.safeParse(item.payload);
	if (!payload?.success) return null;
	return { seq, ts, event: { channel, type: eventType, payload: payload.data } as TranscriptEvent['event'] };
}
