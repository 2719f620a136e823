/** A console whose user has just installed the agents, has no account, and whose model is ours. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Session } from '../../src/lib/protocol/session';
import { apiOf, type Api } from '../support/api';
import { removeConsole, startConsole, type ConsoleProcess } from '../support/console-process';
import type { InstalledAgents } from './install.js';
import { startModelApi, type ModelApi } from './model-api';

export interface Setting {
	readonly coppice: ConsoleProcess;
	readonly api: Api;
	readonly model: ModelApi;
	/** Of a folder that no agent has seen. */
	readonly session: Session;
	/** The user's own. */
	readonly home: string;
	remove(): Promise<void>;
}

const KEY = 'sk-ant-a-key-that-nobody-ever-checks';

const GEMINI_SETTINGS = {
	security: { auth: { selectedType: 'gemini-api-key' } },
	general: { enableAutoUpdate: false },
	privacy: { usageStatisticsEnabled: false }
};

export async function makeSetting(agents: InstalledAgents): Promise<Setting> {
	if (agents.problem !== null) throw new Error(agents.problem);
	const model = await startModelApi();
	const home = mkdtempSync(join(tmpdir(), 'coppice-user-'));
	for (const folder of ['bin', 'project', '.codex', '.gemini']) mkdirSync(join(home, folder));
	symlinkSync(agents.claude, join(home, 'bin/claude'));
	symlinkSync(agents.codex, join(home, 'bin/codex'));
	symlinkSync(agents.gemini, join(home, 'bin/gemini'));
	// What a person has answered on the first day, but for the folder that is asked about anew.
	const onboarded = {
		hasCompletedOnboarding: true,
		customApiKeyResponses: { approved: [KEY.slice(-20)], rejected: [] }
	};
	writeFileSync(join(home, '.claude.json'), JSON.stringify(onboarded));
	writeFileSync(join(home, '.codex/config.toml'), codexConfig(model.url));
	writeFileSync(join(home, '.gemini/settings.json'), JSON.stringify(GEMINI_SETTINGS));

	for (const name of Object.keys(process.env)) {
		if (/^(ANTHROPIC|CLAUDE|CODEX|OPENAI|GEMINI|GOOGLE)_/.test(name)) delete process.env[name];
	}
	const coppice = await startConsole({
		env: {
			HOME: home,
			PATH: `${join(home, 'bin')}:${process.env.PATH}`,
			SHELL: '/bin/sh',
			NO_PROXY: '127.0.0.1',
			ANTHROPIC_BASE_URL: model.url,
			ANTHROPIC_API_KEY: KEY,
			CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
			CLAUDE_CODE_MAX_RETRIES: '0',
			DISABLE_AUTOUPDATER: '1',
			MODEL_KEY: KEY,
			GEMINI_API_KEY: KEY,
			GOOGLE_GEMINI_BASE_URL: model.url,
			GEMINI_CLI_TRUST_WORKSPACE: 'true'
		}
	});
	const api = apiOf(coppice);
	const session = await api.createSession({ type: 'quick', path: join(home, 'project') });
	return {
		coppice,
		api,
		model,
		session,
		home,
		async remove() {
			await removeConsole(coppice);
			await model.close();
			// What an agent writes as it ends may still come.
			rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
		}
	};
}

function codexConfig(modelUrl: string): string {
	return `
model = "gpt-5.5"
model_provider = "ours"

[model_providers.ours]
name = "Ours"
base_url = "${modelUrl}/v1"
env_key = "MODEL_KEY"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0

[notice.model_migrations]
"gpt-5.5" = "gpt-6-sol"
`;
}
