import { eq } from 'drizzle-orm';
import type { ServerContext } from '../context';
import { sessions, unfinishedWorktrees, workers } from '../db/schema';
import { takeBackWorktree } from '../git/take-back-worktree';
import { oneAtATime } from '../one-at-a-time';
import { dropLog } from '../workers/end-processes';

/** Longer than making a worktree may take: an older one is nobody's, whoever has its server's process id now. */
const MAX_AGE_MS = 20 * 60_000;

/**
 * Takes back what a server that was killed left half made: worktrees without a session, processes without a worker. To be
 * called once, before requests are served: what it has to do in a repository comes before theirs. Never rejects.
 */
export async function recoverLeftovers(app: ServerContext): Promise<void> {
	try {
		await Promise.all([takeBackWorktrees(app), endOrphans(app)]);
	} catch (error) {
		// What could not be recovered is found again at the next start.
		process.stderr.write(`Leftovers of the last run stay: ${error instanceof Error ? error.message : String(error)}\n`);
	}
}

async function takeBackWorktrees({ db, now }: ServerContext): Promise<void> {
	const unfinished = db.select().from(unfinishedWorktrees).all();
	const abandoned = unfinished.filter(({ serverPid, createdAt }) => {
		const age = now().getTime() - Date.parse(createdAt);
		return serverPid === process.pid || age > MAX_AGE_MS || !isAlive(serverPid);
	});
	await Promise.all(
		abandoned.map((worktree) =>
			oneAtATime(worktree.repository, async () => {
				const owned = db.select({ id: sessions.id }).from(sessions).where(eq(sessions.path, worktree.path)).get();
				// A repository that is gone has nothing left to take back.
				if (!owned) await takeBackWorktree(worktree).catch(() => {});
				db.delete(unfinishedWorktrees).where(eq(unfinishedWorktrees.path, worktree.path)).run();
			})
		)
	);
}

async function endOrphans({ db, runtimes, runner }: ServerContext): Promise<void> {
	const wanted = new Set(
		db
			.select({ id: workers.id })
			.from(workers)
			.all()
			.map(({ id }) => id)
	);
	const orphans = runtimes.ids().filter((id) => !wanted.has(id));
	// A runner that is away is asked again at the next start.
	await Promise.all(orphans.map((id) => dropLog({ runner }, id).catch(() => {})));
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}
