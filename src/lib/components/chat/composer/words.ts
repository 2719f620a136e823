import type { ConnectionStatus } from '$lib/client/connection/connection-status';
import type { WorkerState } from '$lib/protocol/state';
import type { Worker } from '$lib/protocol/worker';

/** Whether a turn is under way, so that a message waits for its end. */
export function isInTurn(state: WorkerState): boolean {
	return state === 'working' || state === 'needs_input';
}

/** Why a turn takes long, where the runner has a word for it; null where there is nothing to say. */
export function remarkOn({ state, stateDetail }: Pick<Worker, 'state' | 'stateDetail'>): string | null {
	return state === 'working' ? stateDetail : null;
}

/** What the empty field says. */
export function placeholderOf(name: string, state: WorkerState, { isPhone }: { isPhone: boolean }): string {
	if (isInTurn(state)) {
		return isPhone ? 'Reply, or queue a message' : `Reply to ${name}. It sends when this turn ends.`;
	}
	if (state === 'exited' || state === 'interrupted') return `Message ${name}. It goes on where it stopped.`;
	return `Message ${name}`;
}

/** What the bar says about a connection that is not well; null where there is nothing to say. */
export function connectionWords(status: ConnectionStatus): string | null {
	switch (status.kind) {
		case 'lost':
		case 'runner_away':
			return 'Sends when the connection is back';
		case 'connecting':
		case 'live':
		case 'signed_out':
		case 'gone':
		case 'refused':
		case 'closed':
			return null;
	}
}

/** Why nothing can be sent at all; null when it can, if only later. */
export function cannotSend(status: ConnectionStatus): string | null {
	switch (status.kind) {
		case 'live':
			return status.readonly ? 'You look on without taking part' : null;
		case 'connecting':
		case 'lost':
		case 'runner_away':
			return null;
		case 'signed_out':
			return 'Sign in again to send';
		case 'gone':
			return 'This worker was removed';
		case 'refused':
			return status.reason;
		case 'closed':
			return 'The connection is closed';
	}
}
