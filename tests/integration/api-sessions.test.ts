import BetterSqlite3 from 'better-sqlite3';
import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Project } from '../../src/lib/protocol/project';
import { Session, type SessionPage } from '../../src/lib/protocol/session';
import { apiOf, type Api } from '../support/api';
import { isAlive, removeConsole, startConsole, type ConsoleProcess } from '../support/console-process';
import { processesWith } from '../support/processes';
import { makeFolder, makeRepository, repositoryAt, type Repository } from '../support/repository';
import { until } from '../support/until';

let coppice: ConsoleProcess;
let api: Api;
let repository: Repository;
let project: Project;

beforeAll(async () => {
	coppice = await startConsole({ env: { SHELL: '/bin/sh', PS1: '$ ' } });
	api = apiOf(coppice);
});
afterAll(async () => {
	await removeConsole(coppice);
});

beforeEach(async () => {
	repository = makeRepository();
	project = await api.createProject(repository.path);
});

const sessionOf = (id: string) => api.json<Session>('GET', `/api/sessions/${id}`);
const list = (query = '') => api.json<SessionPage>('GET', `/api/sessions${query}`);

describe('opening a session', () => {
	it('answers 201 with the whole session, its first workers running', async () => {
		const response = await api.fetch('POST', '/api/sessions', {
			type: 'worktree',
			projectId: project.id,
			branch: 'feature/one',
			title: 'One',
			workers: [
				{ type: 'terminal', name: 'Echo', command: 'pwd; exec cat' },
				{ type: 'terminal', cols: 100, rows: 30 }
			]
		});
		expect(response.status).toBe(201);
		const session = Session.strict().parse(await response.json());
		expect(session).toMatchObject({ title: 'One', branch: 'feature/one', hostId: 'local', archivedAt: null });
		expect(session.path).toBe(join(coppice.home, 'worktrees', project.name, 'feature-one'));
		expect(session.workers).toMatchObject([
			{ name: 'Echo', command: 'pwd; exec cat', type: 'terminal', interface: 'terminal', agentId: null },
			{ name: 'Terminal', command: null, cols: 100, rows: 30 }
		]);
		for (const worker of session.workers) expect(isAlive(worker.pid!)).toBe(true);
		await until('it runs in the worktree', async () => (await screenOf(session, 0)).startsWith(session.path));
		expect(await sessionOf(session.id)).toMatchObject({ id: session.id, workers: [{ name: 'Echo' }, {}] });
	});

	it('answers the same request again with 200 and what stands, another with 409', async () => {
		const id = randomUUID();
		const request = { type: 'quick', path: repository.path, id, workers: [{ type: 'terminal', command: 'cat' }] };
		const [first, second] = await Promise.all([
			api.fetch('POST', '/api/sessions', request),
			api.fetch('POST', '/api/sessions', request)
		]);
		expect([first.status, second.status].sort()).toEqual([200, 201]);
		const [one, other] = [(await first.json()) as Session, (await second.json()) as Session];
		expect(one.workers.map((worker) => worker.id)).toEqual(other.workers.map((worker) => worker.id));
		expect((await api.fetch('POST', '/api/sessions', { ...request, title: 'Other' })).status).toBe(409);
	});

	it('opens any folder, by its real path', async () => {
		const folder = makeFolder();
		const session = await api.createSession({ type: 'quick', path: `${folder}/.` });
		expect(session).toMatchObject({
			type: 'quick',
			path: folder,
			title: basename(folder),
			branch: null,
			projectId: null
		});
		expect(session).toMatchObject({ state: 'idle', workers: [], metadata: { messageCount: 0 } });
	});

	it("gives a session in a project's own folder to the project, by any path that leads there", async () => {
		const folder = makeFolder();
		const plain = await api.createProject(folder);
		const link = join(makeFolder(), 'link');
		symlinkSync(folder, link);
		for (const path of [folder, link, `${folder}/`]) {
			expect(await api.createSession({ type: 'quick', path })).toMatchObject({ path: folder, projectId: plain.id });
		}
		expect((await list(`?projectId=${plain.id}`)).items).toHaveLength(3);
		mkdirSync(join(folder, 'inside'));
		const inside = await api.createSession({ type: 'quick', path: join(folder, 'inside') });
		expect(inside.projectId).toBeNull();
	});

	it('leaves nothing behind when a hook of the repository fails', async () => {
		repository.write('.git/hooks/post-checkout', '#!/bin/sh\nexit 1\n');
		chmodSync(join(repository.path, '.git/hooks/post-checkout'), 0o755);
		const before = repository.traces();
		const request = { type: 'worktree', projectId: project.id, branch: 'hooked' };
		expect((await api.fetch('POST', '/api/sessions', request)).status).toBe(409);
		expect(repository.traces()).toEqual(before);
		expect((await list(`?projectId=${project.id}`)).items).toEqual([]);
	});
});

describe('listing sessions', () => {
	it('pages through them, the newest first, and filters', async () => {
		const opened: string[] = [];
		for (let index = 0; index < 5; index++) {
			const branch = `list/${index}`;
			opened.unshift((await api.createSession({ type: 'worktree', projectId: project.id, branch })).id);
		}
		const seen: string[] = [];
		let cursor: string | null = null;
		do {
			const page: SessionPage = await list(`?projectId=${project.id}&limit=2${cursor ? `&cursor=${cursor}` : ''}`);
			expect(page.items.length).toBeLessThanOrEqual(2);
			seen.push(...page.items.map(({ id }) => id));
			cursor = page.nextCursor;
		} while (cursor);
		expect(seen).toEqual(opened);

		await api.createWorker(opened[3]!, { type: 'terminal', command: 'exit 0' });
		await until('it has exited', async () => (await sessionOf(opened[3]!)).state === 'exited');
		const exited = await list(`?projectId=${project.id}&state=exited&limit=1`);
		expect(exited.items.map(({ id }) => id)).toEqual([opened[3]]);
		expect(exited.nextCursor).toBeNull();

		await api.json('PATCH', `/api/sessions/${opened[0]}`, { archived: true });
		expect((await list(`?projectId=${project.id}`)).items.map(({ id }) => id)).toEqual(opened.slice(1));
		expect((await list(`?projectId=${project.id}&archived=true`)).items.map(({ id }) => id)).toEqual([opened[0]]);
	});
});

describe('changing a session', () => {
	it('renames it, and puts it away and takes it out again', async () => {
		const { id } = await api.createSession({ type: 'quick', path: repository.path });
		expect(await api.json('PATCH', `/api/sessions/${id}`, { title: '  Better ' })).toMatchObject({ title: 'Better' });
		const archived = await api.json<Session>('PATCH', `/api/sessions/${id}`, { archived: true });
		expect(archived.archivedAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
		expect(await api.json('PATCH', `/api/sessions/${id}`, { archived: true })).toEqual(archived);
		expect(await api.json('PATCH', `/api/sessions/${id}`, { archived: false })).toMatchObject({ archivedAt: null });
		expect((await api.fetch('PATCH', `/api/sessions/${id}`, { title: '' })).status).toBe(400);
		expect((await api.fetch('PATCH', `/api/sessions/${id}`, { path: '/' })).status).toBe(400);
	});

	it('shows an error when its folder is gone, and starts nothing there', async () => {
		const folder = makeFolder();
		const session = await api.createSession({ type: 'quick', path: folder });
		rmSync(folder, { recursive: true });
		expect(await sessionOf(session.id)).toMatchObject({
			state: 'error',
			errorMessage: expect.stringContaining(folder)
		});
		const refused = await api.fetch('POST', `/api/sessions/${session.id}/workers`, { type: 'terminal' });
		expect(refused.status).toBe(404);
		expect(await refused.json()).toMatchObject({ code: 'path_not_found' });
		expect((await sessionOf(session.id)).workers).toEqual([]);
	});
});

describe('deleting a session', () => {
	const STUBBORN = 'trap "" TERM HUP; sleep 600 & setsid sleep 600 & exec sleep 600';

	it('ends its processes, also stubborn ones and their children, and keeps the worktree', async () => {
		const session = await api.createSession({
			type: 'worktree',
			projectId: project.id,
			branch: 'ended',
			workers: [{ type: 'terminal', command: STUBBORN }]
		});
		const worker = session.workers[0]!.id;
		await until('its children run', () => processesWith(worker).length >= 3);
		expect((await api.fetch('DELETE', `/api/sessions/${session.id}`)).status).toBe(204);
		expect(processesWith(worker)).toEqual([]);
		expect((await api.fetch('GET', `/api/sessions/${session.id}`)).status).toBe(404);
		expect(existsSync(session.path)).toBe(true);
	});

	it('refuses to lose work before it ends anything', async () => {
		const session = await api.createSession({
			type: 'worktree',
			projectId: project.id,
			branch: 'dirty',
			workers: [{ type: 'terminal', command: 'cat' }]
		});
		repositoryAt(session.path).write('unsaved', 'work');
		const refused = await api.fetch('DELETE', `/api/sessions/${session.id}?removeWorktree=true`);
		expect(refused.status).toBe(409);
		expect(await refused.json()).toMatchObject({ code: 'worktree_dirty', issues: [{ path: 'unsaved' }] });
		expect(isAlive(session.workers[0]!.pid!)).toBe(true);
		const forced = await api.fetch('DELETE', `/api/sessions/${session.id}?removeWorktree=true&force=true`);
		expect(forced.status).toBe(204);
		expect(isAlive(session.workers[0]!.pid!)).toBe(false);
		expect(existsSync(session.path)).toBe(false);
		expect(repository.git('rev-parse', 'dirty')).toBe(repository.git('rev-parse', 'main'));
	});
});

describe('a server that is killed', () => {
	it('between starting a process and keeping its worker leaves no process', async () => {
		const own = await startConsole();
		const session = await apiOf(own).createSession({
			type: 'quick',
			path: repository.path,
			workers: [
				{ type: 'terminal', command: 'exec sleep 600' },
				{ type: 'terminal', command: 'exec sleep 600' }
			]
		});
		const [kept, lost] = session.workers.map(({ id }) => id) as [string, string];
		await own.end('SIGKILL');
		const db = new BetterSqlite3(join(own.home, 'coppice.db'));
		db.prepare('DELETE FROM workers WHERE id = ?').run(lost);
		db.close();
		const again = await startConsole({ home: own.home });
		await until('the process that nobody knows has ended', () => processesWith(lost).length === 0);
		expect(processesWith(kept)).toHaveLength(1);
		const [worker] = (await apiOf(again).json<Session>('GET', `/api/sessions/${session.id}`)).workers;
		expect(worker).toMatchObject({ id: kept, pid: session.workers[0]!.pid });
		await removeConsole(again);
	});

	it('while it makes a worktree takes everything back at its next start, the git that went on included', async () => {
		const own = await startConsole();
		const before = repository.traces();
		const marker = join(makeFolder(), 'hook-runs');
		repository.write('.git/hooks/post-checkout', `#!/bin/sh\ntouch ${marker}\nexec sleep 600\n`);
		chmodSync(join(repository.path, '.git/hooks/post-checkout'), 0o755);
		const ownApi = apiOf(own);
		const { id: projectId } = await ownApi.createProject(repository.path);
		const request = { type: 'worktree', projectId, branch: 'cut/off', id: randomUUID() } as const;
		const asked = ownApi.createSession(request).catch(() => null);
		await until('git is at work', () => existsSync(marker));
		expect(repository.traces().records).toEqual(['cut-off']);
		await own.end('SIGKILL');
		await asked;

		const again = await startConsole({ home: own.home });
		await until('all is taken back', () => JSON.stringify(repository.traces()) === JSON.stringify(before));
		expect(existsSync(join(own.home, 'worktrees'))).toBe(false);
		rmSync(join(repository.path, '.git/hooks/post-checkout'));
		const session = await apiOf(again).createSession(request);
		expect(session).toMatchObject({ id: request.id, branch: 'cut/off', state: 'idle' });
		await removeConsole(again);
	});
});

async function screenOf({ id, workers }: Session, index: number): Promise<string> {
	return (await api.fetch('GET', `/api/sessions/${id}/workers/${workers[index]!.id}/screen`)).text();
}
