/** The agents that Coppice knows without being told, as data. Flags are those of the versions current in late 2026. */
import { NO_DEFAULTS, type AgentDefinition } from '$lib/protocol/agent';

/**
 * By itself Codex leaves its work to a server in the background that all its terminals share, also those outside of Coppice:
 * it would outlive its worker, run the commands of others with it, and take them along when it ends. Known to Codex since
 * 0.156; a setting instead would have it ask, wherever such a server runs already, whether to restart that.
 */
const CODEX_ALONE = '--no-daemon';

/** How Claude Code is spoken to line by line, and made to ask there for what it may not do by itself. */
const CLAUDE_STREAM = [
	...['-p', '--output-format', 'stream-json', '--input-format', 'stream-json', '--verbose'],
	...['--include-partial-messages', '--permission-prompt-tool', 'stdio', '--replay-user-messages']
];

export const BUILT_IN_AGENTS: readonly AgentDefinition[] = [
	{
		id: 'claude',
		name: 'Claude Code',
		mark: 'cc',
		interfaces: ['terminal', 'chat'],
		command: 'claude',
		startArgs: [
			['--session-id', '{agentSessionId}'],
			['--settings', '{hookSettings}'],
			['--model', '{model}'],
			['{permissionMode}'],
			['--', '{prompt}']
		],
		continueArgs: [
			['--resume', '{agentSessionId}'],
			['--settings', '{hookSettings}'],
			['--model', '{model}'],
			['{permissionMode}'],
			['--', '{prompt}']
		],
		chat: {
			wire: 'claude',
			startArgs: [...CLAUDE_STREAM, ['--session-id', '{agentSessionId}'], ['--model', '{model}'], ['{permissionMode}']],
			continueArgs: [...CLAUDE_STREAM, ['--resume', '{agentSessionId}'], ['--model', '{model}'], ['{permissionMode}']]
		},
		permissionModes: {
			default: ['--permission-mode', 'default'],
			acceptEdits: ['--permission-mode', 'acceptEdits'],
			plan: ['--permission-mode', 'plan'],
			bypassPermissions: ['--permission-mode', 'bypassPermissions']
		},
		defaults: NO_DEFAULTS,
		env: {},
		conversationId: {
			kind: 'chosen',
			file: '$CLAUDE_CONFIG_DIR/projects/*/{agentSessionId}.jsonl|~/.claude/projects/*/{agentSessionId}.jsonl'
		},
		install: 'npm install -g @anthropic-ai/claude-code'
	},
	{
		id: 'codex',
		name: 'Codex',
		mark: 'cx',
		interfaces: ['terminal', 'chat'],
		command: 'codex',
		startArgs: [CODEX_ALONE, ['--model', '{model}'], ['{permissionMode}'], ['--', '{prompt}']],
		continueArgs: [
			'resume',
			CODEX_ALONE,
			['--model', '{model}'],
			['{permissionMode}'],
			'--',
			'{agentSessionId}',
			'{prompt}'
		],
		chat: { wire: 'codex', startArgs: ['app-server'] },
		permissionModes: {
			default: ['--sandbox', 'read-only', '--ask-for-approval', 'on-request'],
			acceptEdits: ['--sandbox', 'workspace-write', '--ask-for-approval', 'on-request'],
			plan: ['--sandbox', 'read-only', '--ask-for-approval', 'never'],
			bypassPermissions: ['--dangerously-bypass-approvals-and-sandbox']
		},
		defaults: NO_DEFAULTS,
		env: {},
		conversationId: {
			kind: 'file',
			directory: '$CODEX_HOME/sessions|~/.codex/sessions',
			pattern: '^rollout-.*-(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\\.jsonl$'
		},
		install: 'npm install -g @openai/codex'
	},
	{
		id: 'gemini',
		name: 'Gemini CLI',
		mark: 'ge',
		interfaces: ['terminal', 'chat'],
		command: 'gemini',
		startArgs: [
			['--session-id', '{agentSessionId}'],
			['--model', '{model}'],
			['{permissionMode}'],
			['--prompt-interactive={prompt}']
		],
		continueArgs: [
			['--resume', '{agentSessionId}'],
			['--model', '{model}'],
			['{permissionMode}'],
			['--prompt-interactive={prompt}']
		],
		chat: { wire: 'acp', startArgs: ['--acp'] },
		permissionModes: {
			default: ['--approval-mode', 'default'],
			acceptEdits: ['--approval-mode', 'auto_edit'],
			plan: ['--approval-mode', 'plan'],
			bypassPermissions: ['--approval-mode', 'yolo']
		},
		defaults: NO_DEFAULTS,
		env: {},
		conversationId: {
			kind: 'chosen',
			file: '$GEMINI_CLI_HOME/.gemini/tmp/*/chats/session-*-{agentSessionId:8}.jsonl|~/.gemini/tmp/*/chats/session-*-{agentSessionId:8}.jsonl',
			said: '^\\{"id":.*"type":"user"'
		},
		install: 'npm install -g @google/gemini-cli'
	},
	{
		id: 'opencode',
		name: 'OpenCode',
		mark: 'oc',
		interfaces: ['terminal', 'chat'],
		command: 'opencode',
		startArgs: [['--model', '{model}'], ['{permissionMode}'], ['--prompt={prompt}']],
		continueArgs: [],
		chat: { wire: 'acp', startArgs: ['acp'] },
		permissionModes: {
			default: [],
			plan: ['--agent', 'plan'],
			bypassPermissions: ['--auto']
		},
		defaults: NO_DEFAULTS,
		env: {},
		conversationId: { kind: 'unknown' },
		install: 'npm install -g opencode-ai'
	}
];
