import type { Failure } from '$lib/protocol/chat';

/** How a conversation is. A state with `working` in it has a process; `idle` need not have one. */
export type ChatState =
	| { state: 'starting' | 'working' | 'idle' | 'exited'; detail: null; errorMessage: null }
	| { state: 'needs_input'; detail: string; errorMessage: null }
	| { state: 'error'; detail: null; errorMessage: string };

export function plainState(state: 'starting' | 'working' | 'idle' | 'exited'): ChatState {
	return { state, detail: null, errorMessage: null };
}

export function errorState({ message, advice }: Failure): ChatState {
	return { state: 'error', detail: null, errorMessage: advice ? `${message} ${advice}` : message };
}
