import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listBranches } from '../../src/lib/server/git/branches';
import { createProject } from '../../src/lib/server/projects/create-project';
import { deleteProject } from '../../src/lib/server/projects/delete-project';
import { listProjects } from '../../src/lib/server/projects/find-project';
import { suggestDirectories } from '../../src/lib/server/projects/suggest-directories';
import { updateProject } from '../../src/lib/server/projects/update-project';
import { listProjectWorktrees } from '../../src/lib/server/projects/worktrees';
import { createSession } from '../../src/lib/server/sessions/create-session';
import { getSession } from '../../src/lib/server/sessions/find-session';
import { makeFolder, makeRepository, repositoryAt } from '../support/repository';
import { makeServer, type TestServer } from '../support/server-context';

let app: TestServer;

beforeEach(() => {
	app = makeServer();
});
afterEach(() => app.close());

/** Every file below a folder with its time and size: changes when anything is touched. */
function fingerprint(path: string): string[] {
	return (readdirSync(path, { recursive: true }) as string[]).sort().map((name) => {
		const { size, mtimeMs, mode } = statSync(join(path, name));
		return `${name} ${size} ${mtimeMs} ${mode}`;
	});
}

describe('registering', () => {
	it('takes a repository, a plain folder, and never touches their files', async () => {
		const repository = makeRepository();
		const folder = makeFolder();
		writeFileSync(join(folder, 'notes.txt'), 'notes');
		const before = [fingerprint(repository.path), fingerprint(folder)];
		const git = await createProject(app, { path: repository.path });
		const plain = await createProject(app, { path: folder, name: 'Notes' });
		expect(git).toMatchObject({
			created: true,
			project: { name: basename(repository.path), path: repository.path, kind: 'git', defaultBranch: 'main' }
		});
		expect(plain.project).toMatchObject({ name: 'Notes', path: folder, kind: 'folder', defaultBranch: null });
		deleteProject(app, git.project.id);
		deleteProject(app, plain.project.id);
		expect([fingerprint(repository.path), fingerprint(folder)]).toEqual(before);
		expect(listProjects(app)).toEqual([]);
	});

	it('finds the repository of a folder inside it, of a linked worktree and of a symbolic link', async () => {
		const repository = makeRepository();
		repository.write('deep/er/file', '');
		const linked = join(makeFolder(), 'linked');
		repository.git('worktree', 'add', '--quiet', linked);
		const link = join(makeFolder(), 'link');
		symlinkSync(repository.path, link);
		for (const path of [join(repository.path, 'deep/er'), linked, link, `${repository.path}/./deep/../`]) {
			const { project } = await createProject(app, { path });
			expect(project.path, path).toBe(repository.path);
			deleteProject(app, project.id);
		}
	});

	it('takes a submodule as a repository of its own, also from one of its worktrees', async () => {
		const library = makeRepository();
		const repository = makeRepository();
		repository.git('submodule', '--quiet', 'add', library.path, 'lib');
		const submodule = join(repository.path, 'lib');
		const { project } = await createProject(app, { path: submodule });
		expect(project).toMatchObject({ path: submodule, kind: 'git' });
		const { session } = await createSession(app, { type: 'worktree', projectId: project.id, branch: 'in-library' });
		expect(repositoryAt(session.path).git('branch', '--show-current')).toBe('in-library');
		deleteProject(app, project.id);
		expect((await createProject(app, { path: session.path })).project.path).toBe(submodule);
	});

	it('is a conflict for a path that is registered, however it is written', async () => {
		const repository = makeRepository();
		await createProject(app, { path: repository.path, name: 'First' });
		mkdirSync(join(repository.path, 'inside'));
		for (const path of [repository.path, join(repository.path, 'inside')]) {
			await expect(createProject(app, { path })).rejects.toMatchObject({
				code: 'conflict',
				message: expect.stringContaining('First')
			});
		}
	});

	it('gives the same project for the same id and request, also when both come at once', async () => {
		const request = { path: makeRepository().path, id: randomUUID() };
		const both = await Promise.all([createProject(app, request), createProject(app, request)]);
		expect(both.map(({ created }) => created).sort()).toEqual([false, true]);
		expect(both[0]!.project).toEqual(both[1]!.project);
		await expect(createProject(app, { ...request, name: 'Another' })).rejects.toMatchObject({ code: 'conflict' });
	});

	it.each([
		['a relative path', () => 'some/where', 'invalid'],
		['a path that is not there', () => join(makeFolder(), 'nothing'), 'path_not_found'],
		['a file', () => join(makeRepository().path, 'readme.md'), 'path_not_found'],
		['the data of a repository', () => join(makeRepository().path, '.git/refs'), 'invalid']
	])('refuses %s', async (_, path, code) => {
		await expect(createProject(app, { path: path() })).rejects.toMatchObject({ code });
		expect(listProjects(app)).toEqual([]);
	});

	it('is not led astray by variables of the git that started us', async () => {
		const [repository, other] = [makeRepository(), makeRepository()];
		process.env.GIT_DIR = join(other.path, '.git');
		process.env.GIT_WORK_TREE = other.path;
		try {
			expect((await createProject(app, { path: repository.path })).project.path).toBe(repository.path);
		} finally {
			delete process.env.GIT_DIR;
			delete process.env.GIT_WORK_TREE;
		}
	});
});

describe('a project', () => {
	it('publishes only what changed', async () => {
		const { project } = await createProject(app, { path: makeRepository().path });
		const { seq } = app.feed;
		updateProject(app, project.id, { name: project.name, worktreeRoot: null });
		expect(app.feed.seq).toBe(seq);
		updateProject(app, project.id, { name: 'Renamed' });
		const [change] = app.feed.since(app.feed.epoch, seq)!;
		expect(change).toMatchObject({ type: 'project.updated', data: { id: project.id, name: 'Renamed' } });
		expect(Object.keys(change!.data).sort()).toEqual(['id', 'name', 'updatedAt']);
	});

	it('leaves its sessions when it is unregistered, and has them again when it comes back', async () => {
		const repository = makeRepository();
		const { project } = await createProject(app, { path: repository.path });
		const { session } = await createSession(app, { type: 'worktree', projectId: project.id, branch: 'work' });
		const { session: quick } = await createSession(app, { type: 'quick', path: repository.path });
		deleteProject(app, project.id);
		expect(getSession(app, session.id)).toMatchObject({ projectId: null, path: session.path, state: 'idle' });
		expect(getSession(app, quick.id).projectId).toBeNull();
		const again = await createProject(app, { path: repository.path });
		expect(getSession(app, session.id).projectId).toBe(again.project.id);
		expect(getSession(app, quick.id).projectId).toBe(again.project.id);
	});

	it('lists local and remote branches, the default and the current one', async () => {
		const upstream = makeRepository();
		upstream.git('branch', 'far');
		const path = join(makeFolder(), 'clone');
		execFileSync('git', ['clone', '--quiet', upstream.path, path]);
		const clone = repositoryAt(path);
		clone.git('checkout', '--quiet', '-b', 'near/by');
		expect(await listBranches(path)).toEqual({
			local: expect.arrayContaining(['main', 'near/by']),
			remote: expect.arrayContaining(['origin/main', 'origin/far']),
			remotes: ['origin'],
			defaultBranch: 'main',
			current: 'near/by'
		});
		expect((await listBranches(path)).remote).toHaveLength(2);
	});

	it('lists its worktrees with what they are', async () => {
		const repository = makeRepository();
		const { project } = await createProject(app, { path: repository.path });
		const { session } = await createSession(app, { type: 'worktree', projectId: project.id, branch: 'work' });
		repositoryAt(session.path).write('new', '');
		const gone = join(makeFolder(), 'gone');
		repository.git('worktree', 'add', '--quiet', gone);
		rmSync(gone, { recursive: true });
		const head = repository.git('rev-parse', 'HEAD');
		const plain = { head, sessionId: null, dirty: false, locked: false, prunable: false, main: false };
		const [main, ...linked] = await listProjectWorktrees(app, project.id);
		expect(main).toEqual({ ...plain, path: repository.path, branch: 'main', main: true });
		expect(linked.sort((one, other) => one.path.length - other.path.length)).toEqual([
			{ ...plain, path: gone, branch: 'gone', prunable: true },
			{ ...plain, path: session.path, branch: 'work', sessionId: session.id, dirty: true }
		]);
	});
});

describe('completing a path', () => {
	it('offers the folders that begin like it, and says which are repositories', async () => {
		const folder = makeFolder();
		mkdirSync(join(folder, 'App'));
		const repository = makeRepository({ path: join(folder, 'App'), commits: false });
		mkdirSync(join(folder, 'apples'));
		mkdirSync(join(folder, '.hidden'));
		writeFileSync(join(folder, 'apart.txt'), '');
		const paths = async (typed: string) => (await suggestDirectories(typed)).map(({ path }) => path).sort();
		expect(await paths(join(folder, 'app'))).toEqual([repository.path, join(folder, 'apples')]);
		expect(await paths(`${folder}/`)).toEqual([repository.path, join(folder, 'apples')]);
		expect(await paths(join(folder, '.h'))).toEqual([join(folder, '.hidden')]);
		expect(await paths(join(folder, 'nothing/at/all'))).toEqual([]);
		const [found] = (await suggestDirectories(repository.path)).filter(({ path }) => path === repository.path);
		expect(found).toMatchObject({ repository: true, branch: 'main' });
	});
});
