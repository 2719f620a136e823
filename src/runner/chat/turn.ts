/** One message's turn, from the message to its result. */
import { v7 as uuid } from 'uuid';
import { NO_USAGE, type CancelResult, type Failure, type TurnResult } from '$lib/protocol/chat';
import type { TurnOutcome } from '../agents/adapter';

/** How long an agent may take to stop by itself before its processes are ended. */
const INTERRUPT_MS = 5000;

export interface Turn {
	readonly turnId: string;
	readonly startedAt: number;
	/** The agent has the message. */
	isSent: boolean;
	/** Someone asked for its end. */
	cancel: Cancel | null;
	/** Ends what the agent has started since the turn began. */
	children: { end(): Promise<void> } | null;
}

interface Cancel {
	/** Resolves with what came of it. */
	readonly done: Promise<CancelResult>;
	readonly settle: (result: CancelResult) => void;
	/** Until the turn is over. */
	readonly patience: NodeJS.Timeout;
	/** The agent did not stop by itself. */
	isForced: boolean;
}

export function newTurn(startedAt: number): Turn {
	return { turnId: uuid(), startedAt, isSent: false, cancel: null, children: null };
}

/** Marks a turn as to be stopped; `force` is called when that takes too long. */
export function askToStop(turn: Turn, force: () => void): Promise<CancelResult> {
	let settle!: (result: CancelResult) => void;
	const done = new Promise<CancelResult>((resolve) => (settle = resolve));
	const patience = setTimeout(() => {
		cancel.isForced = true;
		force();
	}, INTERRUPT_MS);
	const cancel: Cancel = { done, settle, patience, isForced: false };
	turn.cancel = cancel;
	return done;
}

export const stopped: TurnOutcome = { kind: 'cancelled', usage: NO_USAGE };

export function failed(failure: Failure): TurnOutcome {
	return { kind: 'failed', failure, usage: NO_USAGE };
}

/** What the log says of its end. What an agent calls a failure while it is being stopped is the stopping. */
export function resultOf(
	{ turnId, startedAt, cancel }: Turn,
	outcome: TurnOutcome,
	now: number
): { status: TurnOutcome['kind']; payload: TurnResult } {
	const { usage, costUsd } = outcome;
	const common = {
		...{ turnId, usage, durationMs: Math.max(0, now - startedAt) },
		...(costUsd !== undefined && { costUsd })
	};
	if (outcome.kind === 'failed' && !cancel) {
		return { status: 'failed', payload: { ...common, error: outcome.failure } };
	}
	if (outcome.kind === 'completed') return { status: 'completed', payload: common };
	return { status: 'cancelled', payload: { ...common, stoppedBy: cancel?.isForced ? 'kill' : 'interrupt' } };
}
