/** The wires that agents speak, by name. */
import { createAcpAdapter } from './acp/adapter';
import type { CreateAdapter } from './adapter';
import { createClaudeAdapter } from './claude/adapter';
import { createCodexAdapter } from './codex/adapter';

export const ADAPTERS = {
	claude: createClaudeAdapter,
	codex: createCodexAdapter,
	acp: createAcpAdapter
} as const satisfies Record<string, CreateAdapter>;

export type WireName = keyof typeof ADAPTERS;
