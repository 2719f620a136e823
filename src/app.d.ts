import type { ServerContext } from '$lib/server/context';

declare global {
	namespace App {
		interface Locals {
			app: ServerContext;
		}
	}
}

export {};
