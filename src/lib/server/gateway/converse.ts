import { assertNever } from '$lib/protocol/assert-never';
import { type Answerer, RequestAnswer, SendMessage } from '$lib/protocol/chat';
import { parseInput } from '$lib/protocol/errors';
import type { WorkerClientMessage, WorkerServerMessage } from '$lib/protocol/worker-socket';
import { answerRequest, cancelTurn } from '../chat/drive-conversation';
import { sendMessage } from '../chat/send-message';
import type { ServerContext } from '../context';

export type ChatClientMessage = Extract<WorkerClientMessage, { type: 'message' | 'cancel' | 'answer' }>;

/** Does what a client of a worker's socket says to its conversation. @throws CoppiceError */
export async function converse(
	app: ServerContext,
	{ sessionId, workerId, by }: { sessionId: string; workerId: string; by: Answerer | undefined },
	message: ChatClientMessage,
	send: (message: WorkerServerMessage) => void
): Promise<void> {
	switch (message.type) {
		case 'message': {
			const { type: _, ...said } = message;
			await sendMessage(app, sessionId, workerId, parseInput(SendMessage, said));
			return;
		}
		case 'cancel': {
			const { ref } = message;
			const result = await cancelTurn(app, sessionId, workerId);
			return send({ type: 'transient', channel: 'cancel', payload: { ...result, ...(ref !== undefined && { ref }) } });
		}
		case 'answer': {
			const { type: _, requestId, ...answer } = message;
			return answerRequest(app, sessionId, workerId, requestId, parseInput(RequestAnswer, answer), by);
		}
		default:
			return assertNever(message);
	}
}
