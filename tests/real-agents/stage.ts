import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import type { PermissionRequest, RequestOption } from '../../src/lib/protocol/chat';
import { ChatWorker, spoken } from '../support/chat-worker';
import { processesWith } from '../support/processes';
import type { InstalledAgents } from './install.js';
import type { Shown } from './script';
import { makeSetting, type Setting } from './setting';

/** One chat with an agent, opened before the first scene and removed after the last. */
export class Stage {
	setting!: Setting;
	chat!: ChatWorker;

	constructor(agents: InstalledAgents, agentId: string) {
		beforeAll(async () => {
			this.setting = await makeSetting(agents);
			this.chat = await ChatWorker.start(this.setting.api, this.setting.session.id, { agentId });
		});
		afterAll(() => this.setting?.remove());
	}

	/** What the model was shown last. */
	get shown(): Shown {
		return this.setting.model.shown.at(-1)!;
	}

	file(name: string): string {
		return join(this.setting.session.path, name);
	}

	/** The event that the log will have next has a greater `seq`. */
	async now(): Promise<number> {
		return (await this.chat.facts()).lastSeq;
	}

	/** Sends a message that makes the agent ask for permission. */
	async asked(text: string): Promise<{ from: number; request: PermissionRequest }> {
		const from = await this.now();
		await this.chat.send(text);
		const event = await this.chat.next('agent:request', from, 'permission');
		await this.chat.becomes({ state: 'needs_input' });
		return { from, request: event.payload as PermissionRequest };
	}

	/** Takes the first option of a kind. */
	async answer(
		{ requestId, options }: PermissionRequest,
		kind: RequestOption['kind'],
		message?: string
	): Promise<void> {
		const { optionId } = options.find((option) => option.kind === kind)!;
		const { status } = await this.chat.answer(requestId, { optionId, ...(message && { message }) });
		expect(status).toBeLessThan(300);
	}

	/** What was said since, once the turn is over. */
	async spokenSince(from: number): Promise<[who: string, text: string][]> {
		await this.chat.next('agent:result', from);
		return spoken((await this.chat.events()).filter(({ seq }) => seq > from));
	}

	/** Waits until the agent speaks while the child of a child of its shell runs. */
	async grandchild(from: number): Promise<void> {
		await this.chat.next('agent:delta', from, 'text');
		const file = this.file('grandchild.pid');
		const pid = Number(readFileSync(file, 'utf8'));
		expect(processesWith(this.chat.id)).toContain(pid);
		rmSync(file);
	}

	/** Has the agent begin an answer that goes on only when the model is let go. */
	async speaking(): Promise<number> {
		const from = await this.now();
		await this.chat.send('hold[Half an |answer]');
		await this.chat.next('agent:delta', from, 'text');
		return from;
	}
}
