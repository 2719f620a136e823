/**
 * Replays a recorded conversation with Claude Code: what we did is done again with an adapter, and what the agent wrote is
 * given to it. A recording is one `{ from: 'us' | 'agent', msg }` a line.
 */
import { readFileSync } from 'node:fs';
import type { AgentEvent, AgentAdapter } from '../../src/runner/agents/adapter';
import type { RequestAnswer } from '../../src/lib/protocol/chat';
import { createClaudeAdapter } from '../../src/runner/agents/claude/adapter';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- lines of a recording, read freely
export type Recorded = any;

export const RECORDINGS = new URL('../fixtures/wires/claude/', import.meta.url);

export interface Entry {
	from: 'us' | 'agent';
	msg: Recorded;
}

export function readRecording(name: string): Entry[] {
	const text = readFileSync(new URL(`${name}.jsonl`, RECORDINGS), 'utf8');
	return text
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as Entry);
}

export interface Replay {
	readonly adapter: AgentAdapter;
	readonly events: AgentEvent[];
	/** What the adapter wrote, parsed. */
	readonly written: Recorded[];
	/** How `start` failed, if it did. */
	readonly startFailure: () => unknown;
	/** What we did, again. */
	act(recorded: Recorded): void;
	/** A line of the agent as it is to be received: an answer to a request of ours gets the id that ours has now. */
	lineOf(recorded: Recorded): string;
}

export function createReplay(mode: 'fresh' | 'continue' = 'fresh'): Replay {
	const events: AgentEvent[] = [];
	const written: Recorded[] = [];
	const ids = new Map<string, string>();
	const asked = new Map<string, Recorded>();
	let startFailure: unknown = null;
	const adapter = createClaudeAdapter({
		write: (line) => written.push(JSON.parse(line)),
		emit(event) {
			if (event.type === 'permission' || event.type === 'question') asked.set(event.request.requestId, event.request);
			events.push(event);
		},
		cwd: '/home/dev/project',
		conversation: { mode, agentSessionId: '11111111-2222-4333-8444-555555555555' },
		model: null,
		permissionMode: 'default'
	});

	function control(request: Recorded): void {
		switch (request.subtype) {
			case 'initialize':
				return void adapter.start().catch((error: unknown) => (startFailure = error));
			case 'set_permission_mode':
				return void adapter.setPermissionMode(request.mode).catch(() => undefined);
			case 'set_model':
				return void adapter.setModel(request.model).catch(() => undefined);
			case 'interrupt':
				return adapter.interrupt();
		}
	}

	return {
		adapter,
		events,
		written,
		startFailure: () => startFailure,
		act(recorded) {
			switch (recorded.type) {
				case 'control_request':
					control(recorded.request);
					ids.set(recorded.request_id, written.at(-1)?.request_id);
					return;
				case 'control_response': {
					const { request_id: requestId, response } = recorded.response;
					return adapter.answer(requestId, answerOf(asked.get(requestId), response));
				}
				case 'user': {
					const { content } = recorded.message;
					const blocks: Recorded[] = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
					return adapter.send({
						messageId: recorded.uuid,
						text: blocks.find(({ type }) => type === 'text')?.text ?? '',
						images: blocks
							.filter(({ type }) => type === 'image')
							.map(({ source }) => ({ mimeType: source.media_type, data: source.data }))
					});
				}
			}
		},
		lineOf(recorded) {
			const id = ids.get(recorded.response?.request_id);
			if (recorded.type !== 'control_response' || id === undefined) return JSON.stringify(recorded);
			return JSON.stringify({ ...recorded, response: { ...recorded.response, request_id: id } });
		}
	};
}

/** The answer of a person that led to what was written then. */
function answerOf(request: Recorded, response: Recorded): RequestAnswer {
	if (response.behavior === 'deny') return { optionId: 'reject', message: response.message };
	if (request?.questions) {
		const answers = response.updatedInput.answers as Record<string, string>;
		return {
			answers: Object.fromEntries(
				request.questions.map(({ id, question }: Recorded) => [id, answers[question]?.split(', ')])
			)
		};
	}
	const updates: Recorded[] = response.updatedPermissions ?? [];
	const isAlways = updates.some(({ type, mode }) => type === 'addRules' || mode === 'acceptEdits');
	const always = request?.options.find(({ kind }: Recorded) => kind === 'allow_always');
	return { optionId: isAlways ? (always?.optionId ?? 'gone') : 'allow' };
}

/** Lets promises that were settled be seen. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));
