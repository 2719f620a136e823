import { randomUUID } from 'node:crypto';
import { vi } from 'vitest';
import type { ChatEvent, QueuedMessage } from '$lib/protocol/chat';
import type { AgentFault, AgentEvent, OutgoingMessage, TurnOutcome } from '../agents/adapter';
import type { ProcessListener } from './agent-life';
import type { ChatState } from './chat-state';
import { Conversation, type ConversationOptions } from './conversation';

export const usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 0, cacheWriteTokens: 0 };
const completed: TurnOutcome = { kind: 'completed', usage };

type Call = 'start' | 'setModel' | 'setPermissionMode';

/** A conversation, and an agent that does what a test says. Time is the test's as well. */
export function openConversation(options: Partial<ConversationOptions> = {}) {
	const events: ChatEvent[] = [];
	const states: ChatState[] = [];
	const hints: (string | null)[] = [];
	const sent: OutgoingMessage[] = [];
	const answers: [string, unknown][] = [];
	const starts: { mode: string; agentSessionId: string | null }[] = [];
	const agent = {
		/** Why it can't be told the next answer. */
		refusal: null as string | null,
		startFails: null as AgentFault | null,
		/** What it never answers. */
		hangsIn: new Set<Call>(),
		models: [] as string[],
		interrupts: 0,
		/** Processes that were ended. */
		ends: 0,
		leftovers: 0,
		emit: (() => undefined) as (event: AgentEvent) => void,
		/** Ends the process that was started last. */
		exit: (() => undefined) as ProcessListener['onExit'],
		line: (() => undefined) as (line: string) => void
	};
	const ended = new Set<unknown>();
	const answered = (call: Call) => (agent.hangsIn.has(call) ? new Promise<void>(() => undefined) : Promise.resolve());
	const conversation = new Conversation({
		known: { agentSessionId: null, begun: false, queue: [] },
		cwd: '/',
		model: null,
		permissionMode: 'default',
		startProcess(_mode, { onExit, onLine }) {
			agent.exit = onExit;
			agent.line = onLine;
			return { pid: 1, started: '', write: () => undefined, closeInput: () => undefined, pause() {}, resume() {} };
		},
		createAdapter({ emit, conversation: { mode, agentSessionId } }) {
			agent.emit = emit;
			return {
				start() {
					starts.push({ mode, agentSessionId });
					const fault = agent.startFails;
					agent.startFails = null;
					return fault ? Promise.reject(fault) : answered('start');
				},
				send: (message) => void sent.push(message),
				interrupt: () => void agent.interrupts++,
				refusalOf: () => agent.refusal,
				answer: (requestId, answer) => void answers.push([requestId, answer]),
				setModel(model) {
					agent.models.push(model);
					return answered('setModel');
				},
				setPermissionMode: () => answered('setPermissionMode'),
				receive: () => undefined
			};
		},
		endProcess(process) {
			if (!ended.has(process)) agent.ends++;
			ended.add(process);
			agent.exit({ exitCode: null, signal: 'SIGKILL', lastWords: '' });
			return Promise.resolve();
		},
		watchChildren: () => Promise.resolve({ end: () => Promise.resolve(void agent.leftovers++) }),
		log: (event) => void events.push(event),
		logged: () => Promise.resolve(),
		onState: (state) => void states.push(state),
		onHint: (hint) => void hints.push(hint),
		readImage: ({ mimeType }) => Promise.resolve({ mimeType, data: '' }),
		storeImage: (mimeType) => Promise.resolve({ id: 'stored.png', mimeType }),
		now: () => Date.now(),
		...options
	});
	const of = (channel: string) => events.filter((event) => event.channel === channel);
	/** Of what the agent asked, in order, as a person knows them. */
	const requestIds = () =>
		events.flatMap((event) =>
			event.type === 'permission' || event.type === 'question' ? [event.payload.requestId] : []
		);
	const turn = async (outcome: TurnOutcome = completed) => {
		agent.emit({ type: 'turn-ended', outcome });
		await settle();
	};
	return { conversation, agent, events, of, requestIds, states, hints, sent, answers, starts, turn };
}

export function message(text: string): QueuedMessage {
	return { messageId: randomUUID(), text, images: [] };
}

/** Lets everything happen that needs no time. */
export const settle = () => vi.advanceTimersByTimeAsync(0);

export const permission = (requestId: string): AgentEvent => ({
	type: 'permission',
	request: {
		requestId,
		title: 'run a command',
		options: [
			{ optionId: 'yes', kind: 'allow_once', name: 'Allow once' },
			{ optionId: 'always', kind: 'allow_always', name: 'Always', pattern: 'git *', patternEditable: true },
			{ optionId: 'session', kind: 'allow_always', name: 'For this session', pattern: 'git push' },
			{ optionId: 'no', kind: 'reject_once', name: 'Deny' }
		],
		takesReason: true
	}
});
