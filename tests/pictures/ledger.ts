/** What is seen in pictures: repositories, and agents at work in them. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Session } from '../../src/lib/protocol/session';
import type { CreateWorker } from '../../src/lib/protocol/worker';
import type { Api } from '../support/api';
import { ChatWorker } from '../support/chat-worker';

const CLAUDE = fileURLToPath(new URL('../fixtures/agents/story/claude.mjs', import.meta.url));

const REFUNDS_TEST = `import { describe, it } from 'node:test';
const names = ['answers the same key with the same refund', 'refuses the same key with another body', 'keeps a key for a day'];
describe('refunds', () => names.forEach((name) => it(name, () => new Promise((done) => setTimeout(done, 30)))));
`;

const REPLACE_MOMENT = 'Replace moment.js with what the platform has.';

/** @returns a folder with one commit on `main` */
function repository(path: string, files: Record<string, string>): string {
	for (const [name, text] of Object.entries(files)) {
		mkdirSync(dirname(join(path, name)), { recursive: true });
		writeFileSync(join(path, name), text);
	}
	const git = (...args: string[]) => execFileSync('git', args, { cwd: path, stdio: 'pipe' });
	git('init', '--initial-branch=main');
	git('config', 'user.name', 'ines');
	git('config', 'user.email', 'ines@example.test');
	git('add', '.');
	git('commit', '--message=First');
	return path;
}

/**
 * Fills a console whose person's home is `home`.
 * @returns the chat to show, and what ends meanwhile and is not read
 */
export async function fill(api: Api, home: string): Promise<{ chat: ChatWorker; finish: () => Promise<unknown> }> {
	await api.json('PATCH', '/api/agents/claude', { command: CLAUDE });
	writeFileSync(join(home, '.bashrc'), "PS1='\\[\\e[32m\\]\\W\\[\\e[0m\\] $ '\n");
	writeFileSync(join(home, '.npmrc'), 'update-notifier=false\n');
	mkdirSync(join(home, 'infra'));
	const test = JSON.stringify({
		name: 'ledger',
		type: 'module',
		scripts: { test: 'node --test --test-reporter=spec' }
	});
	const ledger = await api.createProject(
		repository(join(home, 'ledger'), { 'package.json': test, 'test/refunds.test.js': REFUNDS_TEST })
	);
	const atlas = await api.createProject(
		repository(join(home, 'atlas-web'), { 'package.json': '{"name":"atlas-web"}\n' })
	);

	const begin = (projectId: string, branch: string, title: string, ...workers: CreateWorker[]) =>
		api.createSession({ type: 'worktree', projectId, branch: `ines/${branch}`, title, workers });
	const claude: CreateWorker = { type: 'agent', agentId: 'claude', interface: 'chat', name: 'claude' };
	const terminal = (name: string, command?: string): CreateWorker => ({
		...{ type: 'terminal', name },
		...(command !== undefined && { command })
	});
	const say = async (session: Session, text: string) => {
		const chat = new ChatWorker(api, session.id, session.workers[0]!.id);
		await chat.send(text);
		return chat;
	};

	await api.createSession({ type: 'quick', path: join(home, 'infra'), workers: [terminal('shell')] });
	const audit = await begin(atlas.id, 'audit-table', 'Virtualise audit table', claude);
	await say(audit, 'Show ten thousand rows of the audit table without a stutter.');
	await begin(atlas.id, 'passkeys', 'Passkey sign-in', terminal('shell'));
	const tokens = await begin(atlas.id, 'light-tokens', 'Light theme tokens', claude);
	await say(tokens, 'The brand blue fails AA on the new surface. Find a way out.');
	await begin(ledger.id, 'csv', 'Stream CSV exports', terminal('export', 'echo 1,204,331 rows; exit 0'));
	const moment = await begin(ledger.id, 'drop-moment', 'Drop moment.js', claude);
	const flake = await begin(ledger.id, 'settlement-flake', 'Settlement test flake', claude);
	await say(flake, 'The settlement test fails now and then on CI. Find out why.');

	const server = terminal('dev server', 'echo listening on 4100; exec sleep 3600');
	const session = await begin(ledger.id, 'idempotent-refunds', 'Idempotent refunds', claude, terminal('tests'), server);
	const chat = await say(session, 'Lift the idempotency of payments into http/. Only move it, change nothing else.');
	await chat.becomes({ state: 'idle' });
	await chat.send(
		'Make POST /refunds idempotent. Clients already send Idempotency-Key and we ignore it. Same key and body returns the stored answer, another body is a 409. Keys live 24 hours.'
	);
	await chat.becomes({ state: 'needs_input' });
	await chat.send('Then describe the 409 in openapi.yaml and regenerate the client');
	const finish = () => new ChatWorker(api, moment.id, moment.workers[0]!.id).turn(REPLACE_MOMENT);
	return { chat, finish };
}
