/** What a person does to a conversation besides talking: stopping, answering, and changing what waits. */
import { v7 as uuid } from 'uuid';
import type { Answerer, CancelResult, RequestAnswer } from '$lib/protocol/chat';
import { CoppiceError, type ErrorCode } from '$lib/protocol/errors';
import type { RunnerCommand } from '$lib/protocol/runner-link';
import type { ServerContext } from '../context';
import { getChatRow, inConversation } from './open-conversation';

/** By which the runner says that a conversation is not open. */
const CLOSED: readonly ErrorCode[] = ['worker_not_running'];

type QueueChange = Extract<RunnerCommand, { type: 'edit-message' | 'remove-message' | 'send-now' }>;

/** Changes the text of a message that waits. @throws CoppiceError `not_found` when it does not (any more), `invalid` */
export async function editMessage(
	app: ServerContext,
	sessionId: string,
	workerId: string,
	messageId: string,
	text: string
): Promise<void> {
	await changeQueue(app, sessionId, { type: 'edit-message', workerId, messageId, text });
}

/** Takes a message out of the queue. @throws CoppiceError `not_found` when it does not wait (any more) */
export async function removeMessage(
	app: ServerContext,
	sessionId: string,
	workerId: string,
	messageId: string
): Promise<void> {
	await changeQueue(app, sessionId, { type: 'remove-message', workerId, messageId });
}

/** Stops the turn that runs and sends a message that waits. @throws CoppiceError `not_found` when it does not wait */
export async function sendMessageNow(
	app: ServerContext,
	sessionId: string,
	workerId: string,
	messageId: string
): Promise<void> {
	await changeQueue(app, sessionId, { type: 'send-now', commandId: uuid(), workerId, messageId });
}

async function changeQueue(app: ServerContext, sessionId: string, change: QueueChange): Promise<void> {
	const { workerId } = change;
	getChatRow(app, sessionId, workerId);
	await inConversation(app, sessionId, workerId, CLOSED, () => app.runner.request(change));
}

/** Stops the turn that runs, by force if it must be; resolves when it is over, and says so if none ran. */
export async function cancelTurn(app: ServerContext, sessionId: string, workerId: string): Promise<CancelResult> {
	getChatRow(app, sessionId, workerId);
	try {
		return await app.runner.request({ type: 'cancel', commandId: uuid(), workerId });
	} catch (error) {
		if (!isUnknown(error)) throw error;
		return { cancelled: false, reason: 'Nothing runs.' };
	}
}

/**
 * Answers what an agent waits for, and keeps who did. Of two answers the first counts.
 * @throws CoppiceError `not_found` when it was never asked, `conflict` when it is answered or withdrawn already, `invalid`
 * when the answer does not fit
 */
export async function answerRequest(
	app: ServerContext,
	sessionId: string,
	workerId: string,
	requestId: string,
	answer: RequestAnswer,
	by: Answerer | undefined
): Promise<void> {
	getChatRow(app, sessionId, workerId);
	try {
		await app.runner.request({ type: 'answer', commandId: uuid(), workerId, requestId, answer, by });
	} catch (error) {
		if (!isUnknown(error) && !isConflict(error)) throw error;
		if (!app.log.hasRequest(workerId, requestId)) throw new CoppiceError('not_found', 'The agent has not asked this.');
		throw new CoppiceError('conflict', 'This request has been answered or withdrawn already.');
	}
}

const isConflict = (error: unknown) => error instanceof CoppiceError && error.code === 'conflict';

/** The runner has no such conversation, or it is not open. */
function isUnknown(error: unknown): boolean {
	return error instanceof CoppiceError && (error.code === 'worker_not_running' || error.code === 'not_found');
}
