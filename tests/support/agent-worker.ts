import type { EventPage } from '../../src/lib/protocol/event';
import type { CreateAgentWorker, Worker } from '../../src/lib/protocol/worker';
import type { Api } from './api';
import { until } from './until';

/** A worker that runs an agent, as a program drives it. */
export class AgentWorker {
	private constructor(
		private readonly api: Api,
		readonly sessionId: string,
		readonly id: string
	) {}

	static async start(api: Api, sessionId: string, request: Omit<CreateAgentWorker, 'type'>): Promise<AgentWorker> {
		const { id } = await api.createWorker(sessionId, { type: 'agent', ...request });
		return new AgentWorker(api, sessionId, id);
	}

	get path(): string {
		return `/api/sessions/${this.sessionId}/workers/${this.id}`;
	}

	facts(): Promise<Worker> {
		return this.api.worker(this.sessionId, this.id);
	}

	/** Waits until the worker is as `expected`; says how it is when that never comes. */
	async becomes(expected: Partial<Worker>, timeoutMs?: number): Promise<Worker> {
		let facts = await this.facts();
		const isSo = () =>
			Object.entries(expected).every(([name, value]) => facts[name as keyof Worker] === value) ? facts : null;
		try {
			return await until(
				`the worker is ${JSON.stringify(expected)}`,
				async () => {
					facts = await this.facts();
					return isSo();
				},
				timeoutMs
			);
		} catch (error) {
			const { message } = error as Error;
			throw new Error(`${message}; it is ${JSON.stringify(facts)} and shows:\n${await this.screen()}`, {
				cause: error
			});
		}
	}

	async type(data: string): Promise<void> {
		const response = await this.api.fetch('POST', `${this.path}/input`, { data });
		if (!response.ok) throw new Error(`Typing was answered ${response.status}: ${await response.text()}`);
	}

	/** Presses a key that an agent may not hear yet, as one does: again after half a second. */
	async press(key: string, done: (facts: Worker) => boolean): Promise<void> {
		let pressedAt = 0;
		await until('the agent heard the key', async () => {
			if (done(await this.facts())) return true;
			if (Date.now() - pressedAt < 500) return false;
			await this.type(key);
			pressedAt = Date.now();
			return false;
		});
	}

	restart(mode: 'fresh' | 'continue'): Promise<Worker> {
		return this.api.json('POST', `${this.path}/restart`, { mode });
	}

	/** Everything that it wrote, through all restarts. */
	async output(): Promise<string> {
		const chunks = (await this.#events('pty:stdout')).map(({ payload }) => payload as { data: string });
		return chunks.map(({ data }) => Buffer.from(data, 'base64').toString()).join('');
	}

	/** What its terminal shows now, a line a row. */
	async screen(): Promise<string> {
		const response = await this.api.fetch('GET', `${this.path}/screen?format=text`);
		return response.text();
	}

	/** Waits until its terminal shows `text`. */
	async shows(text: string): Promise<void> {
		let screen = '';
		await until(`the agent shows "${text}"`, async () => (screen = await this.screen()).includes(text)).catch(
			(error) => {
				throw new Error(`${error.message}; it shows:\n${screen}`, { cause: error });
			}
		);
	}

	/** Waits until it has written `text` after the first `from` characters. */
	async writes(text: string, from = 0): Promise<void> {
		await until(`the agent writes "${text}"`, async () => (await this.output()).includes(text, from));
	}

	/** The states that it went through, oldest first. */
	async states(): Promise<string[]> {
		const events = await this.#events('system:status');
		return events.filter(({ type }) => type === 'state').map(({ payload }) => (payload as { to: string }).to);
	}

	async remove(): Promise<void> {
		await this.api.fetch('DELETE', this.path);
	}

	async #events(channel: string): Promise<EventPage['events']> {
		const events: EventPage['events'] = [];
		for (let after: number | null = 0; after !== null;) {
			const query = `after=${after}&limit=1000&channel=${encodeURIComponent(channel)}`;
			const page: EventPage = await this.api.json('GET', `${this.path}/events?${query}`);
			events.push(...page.events);
			after = page.next;
		}
		return events;
	}
}
