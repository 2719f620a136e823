/**
 * The seam between a conversation and one agent's wire. An adapter speaks to one process that already runs, translates, and
 * keeps no history: the log does. It never blocks and never throws at what an agent writes; nonsense becomes a notice.
 */
import type { PermissionMode } from '$lib/protocol/agent';
import type {
	AgentSession,
	ChatMessage,
	Delta,
	Failure,
	Notice,
	PermissionRequest,
	Plan,
	QuestionRequest,
	RequestAnswer,
	ToolCall,
	ToolUpdate,
	TurnUsage
} from '$lib/protocol/chat';

/** What an adapter tells. */
export type AgentEvent =
	| { type: 'session'; session: AgentSession }
	| { type: 'delta'; kind: 'text' | 'thinking'; delta: Delta }
	| { type: 'message'; role: 'assistant' | 'thinking'; message: ChatMessage }
	/** A picture that the agent showed; the conversation stores it and adds it to the log. */
	| { type: 'image'; messageId: string; mimeType: string; data: string }
	| { type: 'tool-call'; call: ToolCall }
	| { type: 'tool-progress' | 'tool-result'; update: ToolUpdate }
	| { type: 'permission'; request: PermissionRequest }
	| { type: 'question'; request: QuestionRequest }
	/** The agent no longer waits for an answer. */
	| { type: 'withdrawn'; requestId: string }
	| { type: 'plan'; plan: Plan }
	| { type: 'notice'; notice: Notice }
	/** The turn is over: exactly one for each `send`, also when the process ends in the middle (then from the conversation). */
	| { type: 'turn-ended'; outcome: TurnOutcome };

export type TurnOutcome = { usage: TurnUsage; costUsd?: number } & (
	{ kind: 'completed' } | { kind: 'cancelled' } | { kind: 'failed'; failure: Failure }
);

/** A message on its way to the agent, its pictures read from disk. */
export interface OutgoingMessage {
	readonly messageId: string;
	readonly text: string;
	readonly images: readonly { mimeType: string; /** base64 */ data: string }[];
}

export interface AgentAdapter {
	/** Opens or continues the conversation. @throws AgentFault */
	start(): Promise<void>;
	/** Begins a turn. Called only when none runs. */
	send(message: OutgoingMessage): void;
	/** Asks the agent to stop the turn. Open requests are withdrawn by the adapter. */
	interrupt(): void;
	/** Why an answer can't be put in the agent's words, as a sentence; null when it can. Asked before each `answer`. */
	refusalOf(requestId: string, answer: RequestAnswer): string | null;
	/** Answers an open request; the conversation has checked that it is open and that the option exists. */
	answer(requestId: string, answer: RequestAnswer): void;
	/** @throws AgentFault when the agent refuses */
	setModel(model: string): Promise<void>;
	setPermissionMode(mode: PermissionMode): Promise<void>;
	/** One line that the agent wrote. */
	receive(line: string): void;
}

export interface AdapterOptions {
	/** Writes one line to the agent. */
	write(line: string): void;
	emit(event: AgentEvent): void;
	readonly cwd: string;
	/** The agent's own id to continue, or null for a new conversation that chooses its own. */
	readonly conversation: { mode: 'fresh' | 'continue'; agentSessionId: string | null };
	readonly model: string | null;
	readonly permissionMode: PermissionMode;
}

export type CreateAdapter = (options: AdapterOptions) => AgentAdapter;

/** The agent refused or could not. */
export class AgentFault extends Error {
	override readonly name = 'AgentFault';

	constructor(readonly failure: Failure) {
		super(failure.message);
	}
}
