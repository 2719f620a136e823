import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Project } from '../../src/lib/protocol/project';
import type { Session } from '../../src/lib/protocol/session';
import { unfinishedWorktrees } from '../../src/lib/server/db/schema';
import { createProject } from '../../src/lib/server/projects/create-project';
import { deleteProject } from '../../src/lib/server/projects/delete-project';
import { removeProjectWorktree } from '../../src/lib/server/projects/worktrees';
import { deferred } from '../../src/lib/server/deferred';
import type { RunnerLink } from '../../src/lib/server/runner/runner-link';
import { createSession } from '../../src/lib/server/sessions/create-session';
import { deleteSession } from '../../src/lib/server/sessions/delete-session';
import { findSession, getSession } from '../../src/lib/server/sessions/find-session';
import { recoverLeftovers } from '../../src/lib/server/sessions/recover';
import { createWorker } from '../../src/lib/server/workers/create-worker';
import { emptyRuntime } from '../../src/lib/server/workers/to-worker';
import { makeFolder, makeRepository, repositoryAt, type Repository } from '../support/repository';
import { makeServer, type TestServer } from '../support/server-context';
import { until } from '../support/until';

let app: TestServer;
let repository: Repository;
let project: Project;
let session: Session;
let worktree: Repository;

beforeEach(async () => {
	app = makeServer();
	repository = makeRepository();
	({ project } = await createProject(app, { path: repository.path }));
	({ session } = await createSession(app, { type: 'worktree', projectId: project.id, branch: 'work' }));
	worktree = repositoryAt(session.path);
});
afterEach(() => app.close());

const remove = (force = false) => deleteSession(app, session.id, { removeWorktree: true, force });

/** Removing is refused, says this, and changes nothing. */
async function expectKept(says: RegExp, code = 'worktree_dirty'): Promise<void> {
	await expect(remove()).rejects.toMatchObject({ code, message: expect.stringMatching(says) });
	expect(existsSync(session.path)).toBe(true);
	expect(findSession(app, session.id)).not.toBeNull();
}

describe('deleting a session', () => {
	it('leaves the worktree unless asked', async () => {
		await deleteSession(app, session.id, { removeWorktree: false, force: false });
		expect(findSession(app, session.id)).toBeNull();
		expect(existsSync(join(session.path, 'readme.md'))).toBe(true);
	});

	it('removes a clean worktree with its records and keeps the branch, also one with commits of its own', async () => {
		worktree.write('new', '');
		const commit = worktree.commit('On the branch');
		await remove();
		expect(existsSync(session.path)).toBe(false);
		expect(repository.traces().records).toEqual([]);
		expect(repository.git('rev-parse', 'work')).toBe(commit);
	});

	it.each([
		['a changed file', (tree: Repository) => tree.write('readme.md', 'changed'), 'readme.md'],
		['an untracked file', (tree: Repository) => tree.write('new file', ''), 'new file'],
		[
			'a staged file',
			(tree: Repository) => {
				tree.write('staged', '');
				tree.git('add', 'staged');
			},
			'staged'
		],
		['a deleted file', (tree: Repository) => rmSync(join(tree.path, 'readme.md')), 'readme.md']
	])('never loses %s, and names it', async (_, change, file) => {
		change(worktree);
		await expectKept(/1 changed file/);
		await expect(remove()).rejects.toMatchObject({ issues: [{ path: file }] });
	});

	it('never loses untracked files that the configuration hides', async () => {
		repository.git('config', 'status.showUntrackedFiles', 'no');
		worktree.write('new', '');
		await expectKept(/1 changed file/);
	});

	it('never loses commits that are on no branch', async () => {
		worktree.git('checkout', '--quiet', '--detach');
		worktree.write('new', '');
		worktree.commit('On no branch');
		await expectKept(/1 commit that is nowhere else/);
	});

	it('loses ignored files only', async () => {
		worktree.write('.gitignore', 'built/\n');
		worktree.commit('Ignore');
		worktree.write('built/output', '');
		await remove();
		expect(existsSync(session.path)).toBe(false);
	});

	it('removes everything when forced', async () => {
		worktree.write('readme.md', 'changed');
		worktree.write('new', '');
		repository.git('worktree', 'lock', session.path);
		await remove(true);
		expect(existsSync(session.path)).toBe(false);
		expect(repository.traces().records).toEqual([]);
	});

	it('leaves a locked worktree alone', async () => {
		repository.git('worktree', 'lock', session.path);
		await expectKept(/locked/, 'conflict');
	});

	it('works when the folder is gone, and when the project is', async () => {
		rmSync(session.path, { recursive: true });
		expect(getSession(app, session.id)).toMatchObject({
			state: 'error',
			errorMessage: expect.stringContaining(session.path)
		});
		await remove();
		expect(repository.traces().records).toEqual([]);
		const { session: other } = await createSession(app, { type: 'worktree', projectId: project.id, branch: 'other' });
		deleteProject(app, project.id);
		await deleteSession(app, other.id, { removeWorktree: true, force: false });
		expect(existsSync(other.path)).toBe(false);
	});

	it('never removes the folder of a quick session', async () => {
		const { session: quick } = await createSession(app, { type: 'quick', path: repository.path });
		const asked = deleteSession(app, quick.id, { removeWorktree: true, force: true });
		await expect(asked).rejects.toMatchObject({ code: 'invalid' });
		await deleteSession(app, quick.id, { removeWorktree: false, force: false });
		expect(existsSync(join(repository.path, 'readme.md'))).toBe(true);
	});
});

describe('a worktree with submodules', () => {
	beforeEach(async () => {
		const library = makeRepository();
		repository.git('submodule', '--quiet', 'add', library.path, 'lib');
		repository.commit('Add a library');
		({ session } = await createSession(app, { type: 'worktree', projectId: project.id, branch: 'with-library' }));
		worktree = repositoryAt(session.path);
		worktree.git('submodule', '--quiet', 'update', '--init');
	});

	it('is removed when it is clean', async () => {
		await remove();
		expect(existsSync(session.path)).toBe(false);
	});

	it('is kept when there is work in a submodule', async () => {
		repositoryAt(join(session.path, 'lib')).write('new', '');
		await expectKept(/1 changed file/);
	});

	it('is kept when only a submodule has a commit', async () => {
		const library = repositoryAt(join(session.path, 'lib'));
		library.git('config', 'user.name', 'Test');
		library.git('config', 'user.email', 'test@example.test');
		library.git('checkout', '--quiet', '-b', 'mine');
		library.write('new', '');
		library.commit('Only here');
		library.git('checkout', '--quiet', '--detach', 'HEAD~1');
		await expectKept(/1 commit that is nowhere else/);
	});
});

describe('removing a worktree of a project', () => {
	const removeAt = (path: string, force = false) => removeProjectWorktree(app, project.id, path, { force });

	it('refuses one with work in it, unless forced', async () => {
		worktree.write('new', '');
		await expect(removeAt(session.path)).rejects.toMatchObject({ code: 'worktree_dirty' });
		await removeAt(session.path, true);
		expect(existsSync(session.path)).toBe(false);
		expect(getSession(app, session.id).state).toBe('error');
	});

	it('never removes the repository itself, nor what is no worktree of it', async () => {
		await expect(removeAt(repository.path, true)).rejects.toMatchObject({ code: 'conflict' });
		await expect(removeAt(makeFolder(), true)).rejects.toMatchObject({ code: 'not_found' });
		await expect(removeAt(join(session.path, '..'), true)).rejects.toMatchObject({ code: 'not_found' });
		expect(existsSync(join(repository.path, 'readme.md'))).toBe(true);
	});

	it('lets no worker start in it meanwhile', async () => {
		const asked: string[] = [];
		const stop = deferred<void>();
		const runner: RunnerLink = {
			...app.runner,
			async request({ type }) {
				asked.push(type);
				if (type === 'stop') await stop.promise;
				return {} as never;
			}
		};
		const busy = { ...app, runner };
		const { session: elsewhere } = await createSession(app, { type: 'quick', path: makeFolder() });
		const { worker } = await createWorker(busy, session.id, { type: 'terminal' });
		app.runtimes.apply({ ...emptyRuntime(worker.id), state: 'idle', pid: 1234 });
		const removed = removeProjectWorktree(busy, project.id, session.path, { force: true });
		await until('its process is ended', () => asked.includes('stop'));
		const late = createWorker(busy, session.id, { type: 'terminal' });
		const refused = expect(late).rejects.toMatchObject({ code: 'path_not_found' });
		// Longer than it takes to plan a worker, and to start it were it let.
		await createWorker(busy, elsewhere.id, { type: 'terminal' });
		stop.resolve();
		await Promise.all([removed, refused]);
		expect(asked).toEqual(['start', 'stop', 'start']);
	});

	it('forgets one whose folder is gone', async () => {
		const gone = join(makeFolder(), 'gone');
		repository.git('worktree', 'add', '--quiet', gone);
		rmSync(gone, { recursive: true });
		await removeAt(gone);
		expect(repository.traces().records).toEqual(['work']);
	});
});

describe('after a server that was killed while it made a worktree', () => {
	/** A process id that was somebody's and is nobody's. */
	const DEAD = 2 ** 22 - 7;
	const path = () => join(app.config.home, 'worktrees', project.name, 'half');

	function note(changes: Partial<typeof unfinishedWorktrees.$inferInsert> = {}): void {
		const branchCommit = repository.git('rev-parse', 'main');
		const made = { repository: repository.path, path: path(), madeRoot: null, branch: 'half', branchCommit };
		const row = { ...made, serverPid: DEAD, createdAt: new Date().toISOString(), ...changes };
		app.db.insert(unfinishedWorktrees).values(row).run();
	}

	it('takes back what it made', async () => {
		const before = repository.traces();
		note();
		repository.git('worktree', 'add', '--quiet', '-b', 'half', path());
		await recoverLeftovers(app);
		expect(repository.traces()).toEqual(before);
		expect(existsSync(path())).toBe(false);
		expect(app.db.select().from(unfinishedWorktrees).all()).toEqual([]);
	});

	it('takes back a checkout that was cut off', async () => {
		const before = repository.traces();
		note();
		repository.git('worktree', 'add', '--quiet', '--lock', '--no-checkout', '-b', 'half', path());
		rmSync(join(path(), '.git'));
		await recoverLeftovers(app);
		expect(repository.traces()).toEqual(before);
		expect(existsSync(path())).toBe(false);
	});

	it('keeps a branch that was there before, and one with work on it', async () => {
		repository.git('branch', 'half');
		note({ branchCommit: null });
		await recoverLeftovers(app);
		expect(repository.traces().branches).toContain('refs/heads/half');
		note();
		repository.write('new', '');
		repository.commit('Work');
		repository.git('branch', '--force', 'half', 'main');
		await recoverLeftovers(app);
		// Its commit is no longer the one that it began with.
		expect(repository.traces().branches).toContain('refs/heads/half');
	});

	it('keeps a worktree that a session has, and one that another server is making', async () => {
		note({ path: session.path, branch: 'work' });
		note({ serverPid: process.ppid });
		await recoverLeftovers(app);
		expect(existsSync(join(session.path, 'readme.md'))).toBe(true);
		expect(app.db.select().from(unfinishedWorktrees).all()).toMatchObject([{ path: path() }]);
	});

	it('goes on when the repository is gone', async () => {
		note();
		rmSync(repository.path, { recursive: true });
		await recoverLeftovers(app);
		expect(app.db.select().from(unfinishedWorktrees).all()).toEqual([]);
	});
});
