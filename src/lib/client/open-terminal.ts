import { goto } from '$app/navigation';
import { sentenceOf } from './api';
import { sessionPath } from './attention';
import type { Actions } from './state/actions';
import type { Toasts } from './state/toasts.svelte';

/** Opens a shell in the reader's own folder, as a quick session. */
export async function openTerminal(actions: Actions, toasts: Toasts): Promise<void> {
	try {
		const session = await actions.createSession({ type: 'quick', path: '~', workers: [{ type: 'terminal' }] });
		await goto(sessionPath(session.id));
	} catch (error) {
		toasts.show({ text: sentenceOf(error) });
	}
}
