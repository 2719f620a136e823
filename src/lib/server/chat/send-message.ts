import { v7 as uuid } from 'uuid';
import type { MessageTaken, SendMessage } from '$lib/protocol/chat';
import { CoppiceError } from '$lib/protocol/errors';
import type { ServerContext } from '../context';
import { updateWorkerRow } from '../workers/update-worker';
import { getChatRow, inConversation } from './open-conversation';
import { storeImages } from './store-images';

/**
 * Sends a message to an agent, or queues it while the agent works. What is answered is in the log.
 * @returns `isNew` is false when the same message came before: it is not sent again
 * @throws CoppiceError `not_found`, `unsupported`, `conflict` for an id of another message, `invalid` or `too_large` for an
 * image, `path_not_found`, `runner_unavailable`
 */
export async function sendMessage(
	app: ServerContext,
	sessionId: string,
	workerId: string,
	{ id: messageId = uuid(), text, images = [], model, permissionMode }: SendMessage
): Promise<MessageTaken & { isNew: boolean }> {
	getChatRow(app, sessionId, workerId);
	const stored = await storeImages(app.config.home, workerId, messageId, images);
	const message = {
		...{ messageId, text, images: stored.images },
		...(model !== undefined && { model }),
		...(permissionMode !== undefined && { permissionMode })
	};
	try {
		const taken = await inConversation(app, sessionId, workerId, ['worker_not_running', 'not_found'], () =>
			app.runner.request({ type: 'message', commandId: uuid(), workerId, message })
		);
		if (taken.isNew) updateWorkerRow(app, sessionId, workerId, { model, permissionMode });
		return { messageId, ...taken };
	} catch (error) {
		// A runner that did not answer may have taken it all the same, and then needs its images.
		const isRefused = error instanceof CoppiceError && error.code !== 'runner_unavailable';
		if (isRefused) await stored.takeBack();
		throw error;
	}
}
