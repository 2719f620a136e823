import type { Auth } from '$lib/server/auth/auth';
import type { ServerContext } from '$lib/server/context';
import type { ErrorCode } from '$lib/protocol/errors';

declare global {
	namespace App {
		interface Locals {
			app: ServerContext;
			auth: Auth;
		}
		interface Error {
			message: string;
			code?: ErrorCode;
		}
	}
}

export {};
