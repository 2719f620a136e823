import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { QueuedMessage } from '../../src/lib/protocol/chat';
import type { LaunchSpec } from '../../src/lib/protocol/runner-link';
import { launch } from './runner-process';

const program = (name: string) => fileURLToPath(new URL(`../fixtures/agents/${name}`, import.meta.url));

/** A launch of an agent that speaks the Agent Client Protocol, as a chat. */
export function acpChat(name: string, spec: Partial<LaunchSpec> = {}): LaunchSpec {
	const argv = [program(name)];
	return launch(argv, {
		stateFrom: 'agent',
		chat: { wire: 'acp', continueArgv: spec.argv ?? argv, model: null, permissionMode: 'default', install: null },
		...spec
	});
}

export function queued(text: string): QueuedMessage {
	return { messageId: randomUUID(), text, images: [] };
}
