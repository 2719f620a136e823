/** The wires that agents speak, by name. */
import type { ChatWire } from '$lib/protocol/agent';
import { createAcpAdapter } from './acp/adapter';
import type { CreateAdapter } from './adapter';
import { createClaudeAdapter } from './claude/adapter';
import { createCodexAdapter } from './codex/adapter';

export const ADAPTERS: Readonly<Record<ChatWire, CreateAdapter>> = {
	claude: createClaudeAdapter,
	codex: createCodexAdapter,
	acp: createAcpAdapter
};
