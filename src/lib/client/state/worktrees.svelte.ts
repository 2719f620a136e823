import type { Branches, Worktree } from '$lib/protocol/project';
import { sentenceOf, type Api } from '../api';

/** What git says of a project; asked when its page is opened and after each change made there. */
export class ProjectGit {
	worktrees = $state.raw<Worktree[] | null>(null);
	branches = $state.raw<Branches | null>(null);
	error = $state<string | null>(null);

	constructor(
		private readonly api: Pick<Api, 'worktrees' | 'branches' | 'removeWorktree'>,
		private readonly projectId: string
	) {}

	async load(): Promise<void> {
		this.error = null;
		try {
			[this.worktrees, this.branches] = await Promise.all([
				this.api.worktrees(this.projectId),
				this.api.branches(this.projectId)
			]);
		} catch (error) {
			this.error = sentenceOf(error);
		}
	}

	/** @throws CoppiceError `worktree_dirty` unless forced */
	async remove(path: string, force: boolean): Promise<void> {
		await this.api.removeWorktree(this.projectId, path, force);
		await this.load();
	}
}
