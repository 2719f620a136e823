import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Project } from '../../src/lib/protocol/project';
import type { CreateWorktreeSession } from '../../src/lib/protocol/session';
import { createProject } from '../../src/lib/server/projects/create-project';
import { updateProject } from '../../src/lib/server/projects/update-project';
import { createSession } from '../../src/lib/server/sessions/create-session';
import { deleteSession } from '../../src/lib/server/sessions/delete-session';
import { listSessions } from '../../src/lib/server/sessions/list-sessions';
import { makeFolder, makeRepository, repositoryAt, type Repository } from '../support/repository';
import { makeServer, type TestServer } from '../support/server-context';

let app: TestServer;
let repository: Repository;
let project: Project;

beforeEach(async () => {
	app = makeServer();
	repository = makeRepository();
	project = await register(repository.path);
});
afterEach(() => app.close());

async function register(path: string): Promise<Project> {
	return (await createProject(app, { path })).project;
}

async function open(request: Partial<CreateWorktreeSession> & { branch: string }, projectId = project.id) {
	return (await createSession(app, { type: 'worktree', projectId, ...request })).session;
}

const worktreesFolder = () => join(app.config.home, 'worktrees');

/** Opening fails with this code, says this, and leaves the repository, the home and the database as they were. */
async function expectRefused(
	request: Partial<CreateWorktreeSession> & { branch: string },
	code: string,
	says: RegExp,
	of: { repository: Repository; project: Project } = { repository, project }
) {
	const files = () => (existsSync(worktreesFolder()) ? readdirSync(worktreesFolder(), { recursive: true }).sort() : []);
	const before = { traces: of.repository.traces(), files: files(), sessions: countSessions() };
	await expect(open(request, of.project.id)).rejects.toMatchObject({ code, message: expect.stringMatching(says) });
	expect({ traces: of.repository.traces(), files: files(), sessions: countSessions() }).toEqual(before);
}

function countSessions(): number {
	return listSessions(app, { archived: false, limit: 100 }).items.length;
}

describe('a worktree session', () => {
	it('makes a new branch from the default branch, in a folder named after project and branch', async () => {
		const session = await open({ branch: 'feature/deep/er' });
		expect(session).toMatchObject({
			type: 'worktree',
			projectId: project.id,
			branch: 'feature/deep/er',
			baseBranch: 'main',
			title: 'feature/deep/er',
			path: join(worktreesFolder(), project.name, 'feature-deep-er'),
			state: 'idle',
			workers: []
		});
		const worktree = repositoryAt(session.path);
		expect(worktree.git('symbolic-ref', 'HEAD')).toBe('refs/heads/feature/deep/er');
		expect(worktree.git('rev-parse', 'HEAD')).toBe(repository.git('rev-parse', 'main'));
		expect(readFileSync(join(session.path, 'readme.md'), 'utf8')).toBe('# A repository\n');
	});

	it('makes a new branch from the base that is named: a branch, a tag or a commit', async () => {
		const first = repository.git('rev-parse', 'HEAD');
		repository.git('tag', 'v1');
		repository.write('more', 'more');
		const second = repository.commit('Second');
		repository.git('branch', 'develop');
		expect(await headOf(await open({ branch: 'from-tag', base: 'v1' }))).toBe(first);
		expect(await headOf(await open({ branch: 'from-branch', base: 'develop' }))).toBe(second);
		expect(await headOf(await open({ branch: 'from-commit', base: first.slice(0, 10) }))).toBe(first);
	});

	it('checks out a branch that exists, and leaves it when opening fails', async () => {
		repository.git('branch', 'existing');
		const session = await open({ branch: 'existing', createBranch: false });
		expect(session).toMatchObject({ branch: 'existing', baseBranch: 'main' });
		await deleteSession(app, session.id, { removeWorktree: true, force: false });
		expect(repository.traces().branches).toContain('refs/heads/existing');
	});

	it('takes the branch when a tag has the same name', async () => {
		repository.git('tag', 'same');
		repository.write('more', 'more');
		repository.commit('Second');
		repository.git('branch', 'same');
		const session = await open({ branch: 'same' });
		expect(repositoryAt(session.path).git('symbolic-ref', 'HEAD')).toBe('refs/heads/same');
		expect(await headOf(session)).toBe(repository.git('rev-parse', 'main'));
	});

	it('tracks a branch that only a remote has, named with or without the remote', async () => {
		const upstream = makeRepository();
		upstream.git('branch', 'one');
		upstream.git('branch', 'two/parts');
		repository.git('remote', 'add', 'origin', upstream.path);
		repository.git('fetch', '--quiet', 'origin');
		for (const [asked, branch] of [
			['one', 'one'],
			['origin/two/parts', 'two/parts']
		] as const) {
			const session = await open({ branch: asked, createBranch: false });
			expect(session.branch).toBe(branch);
			const tracked = repositoryAt(session.path).git('rev-parse', '--abbrev-ref', '@{upstream}');
			expect(tracked).toBe(`origin/${branch}`);
		}
	});

	it('asks which remote when several have the branch', async () => {
		const upstream = makeRepository();
		upstream.git('branch', 'shared');
		for (const name of ['here', 'there']) {
			repository.git('remote', 'add', name, upstream.path);
			repository.git('fetch', '--quiet', name);
		}
		await expectRefused({ branch: 'shared' }, 'conflict', /here, there/);
		expect((await open({ branch: 'there/shared' })).branch).toBe('shared');
	});

	it('makes worktrees of a bare repository', async () => {
		const bare = join(makeFolder(), 'store.git');
		repository.git('clone', '--quiet', '--bare', repository.path, bare);
		const bareProject = await register(bare);
		expect(bareProject).toMatchObject({ name: 'store', kind: 'git', path: bare, defaultBranch: 'main' });
		const session = await open({ branch: 'work' }, bareProject.id);
		expect(readFileSync(join(session.path, 'readme.md'), 'utf8')).toBe('# A repository\n');
		await deleteSession(app, session.id, { removeWorktree: true, force: false });
		expect(repositoryAt(bare).traces().records).toEqual([]);
	});

	it('puts worktrees below the root that the project names', async () => {
		const root = join(makeFolder(), 'not/there/yet');
		updateProject(app, project.id, { worktreeRoot: root });
		expect((await open({ branch: 'a/b' })).path).toBe(join(root, 'a-b'));
	});

	it('gives branches that share a folder name folders of their own', async () => {
		const paths = [(await open({ branch: 'x/y' })).path, (await open({ branch: 'x-y' })).path];
		expect(paths).toEqual([
			join(worktreesFolder(), project.name, 'x-y'),
			join(worktreesFolder(), project.name, 'x-y-2')
		]);
	});

	it('takes over a worktree that a deleted session left, with the work in it', async () => {
		const first = await open({ branch: 'kept' });
		repositoryAt(first.path).write('unsaved', 'work');
		await deleteSession(app, first.id, { removeWorktree: false, force: false });
		const second = await open({ branch: 'kept' });
		expect(second.path).toBe(first.path);
		expect(readFileSync(join(second.path, 'unsaved'), 'utf8')).toBe('work');
	});

	it('opens a branch whose worktree somebody deleted by hand', async () => {
		const first = await open({ branch: 'lost' });
		await deleteSession(app, first.id, { removeWorktree: false, force: false });
		rmSync(first.path, { recursive: true });
		const second = await open({ branch: 'lost' });
		expect(existsSync(join(second.path, 'readme.md'))).toBe(true);
	});

	it('makes many at once, each branch with one worktree', async () => {
		const names = Array.from({ length: 8 }, (_, index) => `many/${index}`);
		const opened = await Promise.all(names.map((branch) => open({ branch })));
		expect(new Set(opened.map(({ path }) => path)).size).toBe(names.length);
		for (const { path, branch } of opened) expect(repositoryAt(path).git('branch', '--show-current')).toBe(branch);
	});

	it('gives a branch that many ask for to one of them', async () => {
		const asked = await Promise.allSettled(Array.from({ length: 5 }, () => open({ branch: 'wanted' })));
		const refused = asked.filter((result) => result.status === 'rejected');
		expect(asked.length - refused.length).toBe(1);
		for (const { reason } of refused) expect(reason).toMatchObject({ code: 'branch_checked_out' });
	});
});

describe('the same id again', () => {
	it('gives the session that stands, also when both come at once', async () => {
		const request = { branch: 'once', id: randomUUID() };
		const [one, other] = await Promise.all([open(request), open(request)]);
		expect(one).toEqual(other);
		expect(await open(request)).toEqual(one);
		expect(countSessions()).toBe(1);
	});

	it('is a conflict when something else is asked', async () => {
		const id = randomUUID();
		await open({ branch: 'once', id });
		await expectRefused({ branch: 'other', id }, 'conflict', /this id/);
	});
});

describe('what can not be opened', () => {
	it.each([
		'-x',
		'--force',
		'a..b',
		'a b',
		'a~b',
		'x.lock',
		'a//b',
		'@',
		'HEAD',
		'refs/heads/x',
		'a\\b',
		'.hidden',
		'end/'
	])('refuses %s as the name of a branch', (branch) =>
		expectRefused({ branch }, 'invalid', /can't be the name of a branch/)
	);

	it('refuses a base that is an option or does not exist', async () => {
		await expectRefused({ branch: 'new', base: '--orphan' }, 'invalid', /dash/);
		await expectRefused({ branch: 'new', base: 'nowhere' }, 'not_found', /nowhere/);
	});

	it('says where a branch is checked out', async () => {
		await expectRefused({ branch: 'main' }, 'branch_checked_out', new RegExp(repository.path));
		const session = await open({ branch: 'busy' });
		await expectRefused({ branch: 'busy' }, 'branch_checked_out', new RegExp(session.path));
		const elsewhere = join(makeFolder(), 'elsewhere');
		repository.git('worktree', 'add', '--quiet', '-b', 'by-hand', elsewhere);
		await expectRefused({ branch: 'by-hand' }, 'branch_checked_out', new RegExp(elsewhere));
	});

	it('wants a new branch to be new and an existing one to exist', async () => {
		repository.git('branch', 'there');
		await expectRefused({ branch: 'there', createBranch: true }, 'branch_exists', /there/);
		await expectRefused({ branch: 'nowhere', createBranch: false }, 'not_found', /nowhere/);
		const upstream = makeRepository();
		upstream.git('branch', 'far');
		repository.git('remote', 'add', 'origin', upstream.path);
		repository.git('fetch', '--quiet', 'origin');
		await expectRefused({ branch: 'far', createBranch: true }, 'branch_exists', /origin\/far/);
	});

	it('says which branch stands in the way of a name', async () => {
		repository.git('branch', 'topic');
		await expectRefused({ branch: 'topic/more' }, 'conflict', /“topic”/);
		repository.git('branch', 'deep/er');
		await expectRefused({ branch: 'deep' }, 'conflict', /“deep\/er”/);
	});

	it('asks for a first commit in a repository without one', async () => {
		const empty = makeRepository({ commits: false });
		const emptyProject = await register(empty.path);
		expect(emptyProject).toMatchObject({ kind: 'git', defaultBranch: 'main' });
		const of = { repository: empty, project: emptyProject };
		await expectRefused({ branch: 'new' }, 'conflict', /no commit yet/, of);
		await expectRefused({ branch: 'new', base: 'main' }, 'conflict', /no commit yet/, of);
	});

	it('has no worktrees for a plain folder', async () => {
		const folder = await register(makeFolder());
		await expect(open({ branch: 'new' }, folder.id)).rejects.toMatchObject({ code: 'not_a_repository' });
	});

	it('takes everything back when the checkout fails half-way', async () => {
		repository.write('.git/hooks/post-checkout', '#!/bin/sh\necho "the hook says no" >&2\nexit 3\n');
		repository.git('config', 'core.hooksPath', '.git/hooks');
		const { chmodSync } = await import('node:fs');
		chmodSync(join(repository.path, '.git/hooks/post-checkout'), 0o755);
		await expectRefused({ branch: 'hooked' }, 'conflict', /the hook says no/);
	});

	it('takes everything back when a first worker can not be started', async () => {
		await expectRefused(
			{ branch: 'unlucky', workers: [{ type: 'terminal' }, { type: 'terminal' }] },
			'runner_unavailable',
			/away/
		);
		repository.git('branch', 'old');
		await expectRefused({ branch: 'old', workers: [{ type: 'terminal' }] }, 'runner_unavailable', /away/);
	});

	it('refuses an unknown agent and a doubled name before anything is made', async () => {
		await expectRefused({ branch: 'a', workers: [{ type: 'agent', agentId: 'none' }] }, 'agent_not_found', /none/);
		const twins = [{ type: 'terminal', name: 'Twin' } as const, { type: 'terminal', name: 'Twin' } as const];
		await expectRefused({ branch: 'a', workers: twins }, 'conflict', /same name/);
		const id = randomUUID();
		const same = [{ type: 'terminal', id } as const, { type: 'terminal', id } as const];
		await expectRefused({ branch: 'a', workers: same }, 'conflict', /this id/);
	});

	it('says when the worktree root can not be made', async () => {
		repository.write('file', '');
		updateProject(app, project.id, { worktreeRoot: join(repository.path, 'file/below') });
		await expectRefused({ branch: 'new' }, 'conflict', /No worktree can be made/);
	});
});

async function headOf({ path }: { path: string }): Promise<string> {
	return repositoryAt(path).git('rev-parse', 'HEAD');
}
