import { fileURLToPath } from 'node:url';
import type { ChatWire, CreateAgent } from '../../src/lib/protocol/agent';
import { BUILT_IN_AGENTS } from '../../src/lib/server/agents/built-in';

const program = (name: string) => fileURLToPath(new URL(`../fixtures/agents/${name}`, import.meta.url));
const builtIn = (id: string) => BUILT_IN_AGENTS.find((agent) => agent.id === id)!;

/** Agents that do what their prompts say, started as the real ones are; one for each wire, with its name as id. */
export const chatAgents = (conversations: string, env: Record<string, string> = {}): Record<ChatWire, CreateAgent> => {
	const common = { env: { FAKE_AGENT_HOME: conversations, FAKE_AGENT_DELAY_MS: '5', ...env } };
	return {
		claude: {
			...common,
			id: 'fake-claude',
			name: 'Fake Claude',
			command: program('fake-claude.mjs'),
			startArgs: [
				['--session-id', '{agentSessionId}'],
				['--', '{prompt}']
			],
			continueArgs: ['--resume', '{agentSessionId}'],
			chat: builtIn('claude').chat,
			permissionModes: builtIn('claude').permissionModes,
			conversationId: { kind: 'chosen', file: '$FAKE_AGENT_HOME/projects/*/{agentSessionId}.jsonl' },
			install: 'npm install -g fake-claude'
		},
		codex: {
			...common,
			id: 'fake-codex',
			name: 'Fake Codex',
			command: program('fake-codex.mjs'),
			chat: builtIn('codex').chat
		},
		acp: {
			...common,
			id: 'fake-acp',
			name: 'Fake ACP',
			command: program('fake-acp.mjs'),
			chat: builtIn('opencode').chat
		}
	};
};
