/** Where a worker's connection stands. Times are milliseconds since the epoch. */
export type ConnectionStatus =
	| { kind: 'connecting' }
	| { kind: 'live'; readonly: boolean }
	/** `retryAt` is null while an attempt is under way. */
	| { kind: 'lost'; since: number; retryAt: number | null }
	| { kind: 'runner_away'; since: number; retryAt: number | null }
	| { kind: 'signed_out' }
	| { kind: 'gone' }
	| { kind: 'refused'; reason: string }
	| { kind: 'closed' };

/** What a reconnect brought, as far as the cursors prove it. */
export type CaughtUp =
	/** Every event since the cut came, once and in order. */
	| { kind: 'whole'; lines: number }
	/** Some of what was missed is no longer kept. */
	| { kind: 'trimmed' }
	/** It was too much to send: the screen is right, what scrolled by meanwhile is only in the log. */
	| { kind: 'refreshed' };

/** Whether trying again by itself makes sense in this status. */
export function isFinal(status: ConnectionStatus): boolean {
	return (
		status.kind === 'signed_out' || status.kind === 'gone' || status.kind === 'refused' || status.kind === 'closed'
	);
}
