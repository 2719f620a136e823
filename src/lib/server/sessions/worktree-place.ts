import { eq } from 'drizzle-orm';
import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CreateWorktreeSession } from '$lib/protocol/session';
import type { ServerContext } from '../context';
import { sessions, unfinishedWorktrees } from '../db/schema';
import { addWorktree } from '../git/add-worktree';
import { takeBackWorktree, type MadeWorktree } from '../git/take-back-worktree';
import { oneAtATime } from '../one-at-a-time';
import { getGitProject } from '../projects/find-project';
import { worktreeRoot } from '../projects/worktree-root';

export interface WorktreePlace {
	path: string;
	branch: string;
	baseBranch: string | null;
	projectId: string;
}

/**
 * Makes a worktree and gives it to `write`, which writes the session's rows and returns what is still to be done. The
 * worktree is taken back when either fails. One at a time for one repository until the rows stand, so that two sessions
 * never get one worktree.
 * @throws CoppiceError `not_found`, `not_a_repository`, and those of `addWorktree`
 */
export async function inNewWorktree(
	app: ServerContext,
	{ projectId, branch, base, createBranch }: CreateWorktreeSession,
	write: (place: WorktreePlace) => () => Promise<void>
): Promise<void> {
	const repository = getGitProject(app, projectId).path;
	const { made, finish } = await oneAtATime(repository, async () => {
		const root = worktreeRoot(app.config, getGitProject(app, projectId));
		// git lists real paths.
		const realRoot = await realpath(root).catch(() => root);
		let recorded: MadeWorktree | null = null;
		try {
			const added = await addWorktree({
				repository,
				root,
				branch,
				base: base ?? null,
				createBranch,
				mayReuse: (path) => dirname(path) === realRoot && !isTaken(app, path),
				record: (worktree) => note(app, (recorded = worktree))
			});
			try {
				// It may have been unregistered meanwhile.
				getGitProject(app, projectId);
				const { path, branch, baseBranch } = added;
				return { made: added.made, finish: write({ path, branch, baseBranch, projectId }) };
			} catch (error) {
				if (added.made) await takeBackWorktree(added.made).catch(() => {});
				throw error;
			}
		} finally {
			if (recorded) forgetSettled(app, recorded);
		}
	});
	try {
		await finish();
	} catch (error) {
		if (made) await takeBack(app, made);
		throw error;
	}
}

async function takeBack(app: ServerContext, made: MadeWorktree): Promise<void> {
	await oneAtATime(made.repository, async () => {
		note(app, made);
		await takeBackWorktree(made).catch(() => {});
		forgetSettled(app, made);
	});
}

/** A worktree that a deleted session left is free; one of a session, even an archived one, is not. */
function isTaken({ db }: ServerContext, path: string): boolean {
	return db.select({ id: sessions.id }).from(sessions).where(eq(sessions.path, path)).get() !== undefined;
}

function note({ db, now }: ServerContext, worktree: MadeWorktree): void {
	const row = { ...worktree, serverPid: process.pid, createdAt: now().toISOString() };
	db.insert(unfinishedWorktrees).values(row).onConflictDoUpdate({ target: unfinishedWorktrees.path, set: row }).run();
}

/** Forgets the note of a worktree that a session has, or that is gone. Any other is taken back at the next start. */
function forgetSettled(app: ServerContext, { path }: MadeWorktree): void {
	if (existsSync(path) && !isTaken(app, path)) return;
	app.db.delete(unfinishedWorktrees).where(eq(unfinishedWorktrees.path, path)).run();
}
