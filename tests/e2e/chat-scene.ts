import { randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import type { CreateAgentWorker, Worker } from '../../src/lib/protocol/worker';
import type { ChatWire } from '../../src/lib/protocol/agent';
import { chatAgents } from '../support/chat-agents';
import { makeFolder, removeFolders } from '../support/repository';
import { expect, test as base } from './fixtures';
import { playScene, type Scene } from './transcript-scenes';

interface Chat {
	readonly worker: Worker;
	readonly path: string;
	send(text: string): Promise<void>;
	facts(): Promise<Worker>;
}

interface Fixtures {
	/** Starts a conversation with the fake agent of a wire. */
	begin(wire: ChatWire, more?: Partial<CreateAgentWorker>): Promise<Chat>;
	/** A page that shows a conversation of the test's own making. */
	scene: { page: Page; play(fill: (scene: Scene) => void): Promise<Scene> };
}

export const test = base.extend<Fixtures>({
	ownConsole: false,
	begin: async ({ coppice }, use) => {
		const json = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
			const response = await coppice.api(method, path, body);
			expect(response.ok, `${method} ${path} answered ${response.status}`).toBe(true);
			return (await response.json()) as Answer;
		};
		for (const agent of Object.values(chatAgents(makeFolder()))) await json('POST', '/api/agents', agent);
		const session = await json<{ id: string }>('POST', '/api/sessions', { type: 'quick', path: makeFolder() });
		await use(async (wire, more = {}) => {
			const request = { type: 'agent', interface: 'chat', agentId: `fake-${wire}`, name: 'claude', ...more };
			const worker = await json<Worker>('POST', `/api/sessions/${session.id}/workers`, request);
			const api = `/api/sessions/${session.id}/workers/${worker.id}`;
			return {
				worker,
				path: `/s/${session.id}/w/${worker.id}`,
				send: (text) => json('POST', `${api}/messages`, { id: randomUUID(), text }),
				facts: () => json<Worker>('GET', api)
			};
		});
		removeFolders();
	},
	scene: async ({ app, coppice, begin }, use) => {
		await use({
			page: app,
			async play(fill) {
				const { worker, path } = await begin('acp');
				const scene = playScene(app, worker.id, Date.now());
				fill(scene);
				await scene.begin();
				await app.goto(`${coppice.url}${path}`);
				await expect(log(app)).toHaveAttribute('aria-busy', 'false');
				return scene;
			}
		});
	}
});

export { expect };

export const log = (page: Page) => page.getByRole('log', { name: 'Conversation with claude' });
export const top = (page: Page) => log(page).evaluate((element) => Math.round(element.scrollTop));
/** How far it is to the end. */
export const toEnd = (page: Page) =>
	log(page).evaluate(({ scrollHeight, clientHeight, scrollTop }) =>
		Math.round(scrollHeight - clientHeight - scrollTop)
	);
