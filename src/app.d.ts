import type { Auth } from '$lib/server/auth/auth';
import type { Caller } from '$lib/server/auth/authenticate';
import type { ServerContext } from '$lib/server/context';
import type { DialogState } from '$lib/client/dialogs';
import type { ErrorCode } from '$lib/protocol/errors';

declare global {
	namespace App {
		interface Locals {
			app: ServerContext;
			auth: Auth;
			/** Null for who has not signed in, which few paths allow. */
			caller: Caller | null;
		}
		interface Error {
			message: string;
			code?: ErrorCode;
		}
		/** What floats over a page, in the history, so that Back closes it. */
		interface PageState {
			dialog?: DialogState;
			/** The list of sessions, which on a phone is a screen of its own. */
			sessions?: boolean;
			/** A conversation is come to for what it asks. */
			toRequest?: boolean;
		}
	}
}

export {};
