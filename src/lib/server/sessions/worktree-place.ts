import { eq } from 'drizzle-orm';
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
		const project = getGitProject(app, projectId);
		const root = worktreeRoot(app.config, project);
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
				record: (worktree) => {
					recorded = worktree;
					note(app, worktree);
				}
			});
			const place = { path: added.path, branch: added.branch, baseBranch: added.baseBranch, projectId };
			try {
				return { made: added.made, finish: write(place) };
			} catch (error) {
				if (added.made) await takeBackWorktree(added.made);
				throw error;
			}
		} finally {
			// Made and owned by a session now, or taken back.
			if (recorded) forget(app, recorded);
		}
	});
	try {
		await finish();
	} catch (error) {
		if (made) await oneAtATime(repository, () => takeBackWorktree(made));
		throw error;
	}
}

/** A worktree that a deleted session left is free; one of a session, even an archived one, is not. */
function isTaken({ db }: ServerContext, path: string): boolean {
	return db.select({ id: sessions.id }).from(sessions).where(eq(sessions.path, path)).get() !== undefined;
}

function note({ db, now }: ServerContext, worktree: MadeWorktree): void {
	const row = { ...worktree, serverPid: process.pid, createdAt: now().toISOString() };
	db.insert(unfinishedWorktrees).values(row).onConflictDoUpdate({ target: unfinishedWorktrees.path, set: row }).run();
}

function forget({ db }: ServerContext, { path }: MadeWorktree): void {
	db.delete(unfinishedWorktrees).where(eq(unfinishedWorktrees.path, path)).run();
}
