import { randomUUID } from 'node:crypto';
import type { CancelResult, ChatEvent, MessageTaken, RequestAnswer, SendMessage } from '../../src/lib/protocol/chat';
import type { EventPage } from '../../src/lib/protocol/event';
import type { CreateAgentWorker, Worker } from '../../src/lib/protocol/worker';
import type { Api } from './api';
import { until } from './until';

export type LoggedChatEvent = ChatEvent & { seq: number };
type Channel = ChatEvent['channel'];
type EventOf<Name extends Channel> = Extract<LoggedChatEvent, { channel: Name }>;

/** A worker that is driven as a chat, as a program drives it. */
export class ChatWorker {
	/** Takes the place of a console that was started anew. */
	api: Api;

	constructor(
		api: Api,
		readonly sessionId: string,
		readonly id: string
	) {
		this.api = api;
	}

	static async start(
		api: Api,
		sessionId: string,
		request: Omit<CreateAgentWorker, 'type' | 'interface'>
	): Promise<ChatWorker> {
		const { id } = await api.createWorker(sessionId, { type: 'agent', interface: 'chat', ...request });
		return new ChatWorker(api, sessionId, id);
	}

	get path(): string {
		return `/api/sessions/${this.sessionId}/workers/${this.id}`;
	}

	facts(): Promise<Worker> {
		return this.api.worker(this.sessionId, this.id);
	}

	/** Waits until the worker is as `expected`; says how it is when that never comes. */
	async becomes(expected: Partial<Worker>): Promise<Worker> {
		let facts = await this.facts();
		return until(`the worker is ${JSON.stringify(expected)}`, async () => {
			facts = await this.facts();
			const isSo = Object.entries(expected).every(([name, value]) => facts[name as keyof Worker] === value);
			return isSo ? facts : null;
		}).catch((error: Error) => {
			throw new Error(`${error.message}; it is ${JSON.stringify(facts)}`, { cause: error });
		});
	}

	post(path: string, body: unknown = {}): Promise<Response> {
		return this.api.fetch('POST', `${this.path}/${path}`, body);
	}

	send(text: string, more: Partial<SendMessage> = {}): Promise<MessageTaken> {
		return this.api.json('POST', `${this.path}/messages`, { id: randomUUID(), text, ...more });
	}

	/** Sends a message and waits for the end of its turn. */
	async turn(text: string, more: Partial<SendMessage> = {}): Promise<LoggedChatEvent[]> {
		const from = (await this.facts()).lastSeq;
		await this.send(text, more);
		await this.next('agent:result', from);
		return (await this.events()).filter(({ seq }) => seq > from);
	}

	cancel(): Promise<CancelResult> {
		return this.api.json('POST', `${this.path}/cancel`, {});
	}

	answer(requestId: string, answer: RequestAnswer): Promise<Response> {
		return this.post(`requests/${encodeURIComponent(requestId)}`, answer);
	}

	restart(mode: 'fresh' | 'continue', driven?: 'terminal' | 'chat'): Promise<Worker> {
		return this.api.json('POST', `${this.path}/restart`, { mode, interface: driven });
	}

	/** Waits for the first event of a channel after `from`. */
	next<Name extends Channel>(channel: Name, from = 0, type?: string): Promise<EventOf<Name>> {
		return until(`the log has ${channel}${type ? ` ${type}` : ''} after ${from}`, async () =>
			(await this.events()).find(
				(event): event is EventOf<Name> =>
					event.seq > from && event.channel === channel && (!type || event.type === type)
			)
		);
	}

	/** The whole log, but for the process's states. */
	async events(): Promise<LoggedChatEvent[]> {
		const events: EventPage['events'] = [];
		for (let after: number | null = 0; after !== null;) {
			const page: EventPage = await this.api.json('GET', `${this.path}/events?after=${after}&limit=5000`);
			events.push(...page.events);
			after = page.next;
		}
		return events.filter(({ channel }) => channel.startsWith('agent:')) as unknown as LoggedChatEvent[];
	}

	async of<Name extends Channel>(channel: Name): Promise<EventOf<Name>[]> {
		return (await this.events()).filter((event): event is EventOf<Name> => event.channel === channel);
	}
}

/** What was said, by whom, in order. */
export function spoken(events: readonly ChatEvent[]): [who: string, text: string][] {
	return events.flatMap((event) => {
		if (event.channel !== 'agent:message' || event.type === 'thinking') return [];
		const text = event.payload.blocks.map((block) => (block.type === 'text' ? block.text : '[image]')).join('');
		return [[event.type, text] as [string, string]];
	});
}
