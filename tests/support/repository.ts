import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A real repository in a throw-away folder. */
export interface Repository {
	readonly path: string;
	/** Runs git in it and returns what it wrote, trimmed. */
	git(...args: string[]): string;
	write(file: string, text: string): void;
	commit(message: string): string;
	/** Everything that opening a session could leave behind: branches, worktrees, and git's records of them. */
	traces(): { branches: string[]; worktrees: string[]; records: string[] };
}

const made: string[] = [];

/** An empty folder, with its real path. `removeFolders` removes it. */
export function makeFolder(name = 'coppice-test-'): string {
	const path = realpathSync(mkdtempSync(join(tmpdir(), name)));
	made.push(path);
	return path;
}

export function removeFolders(): void {
	template = null;
	for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true, maxRetries: 3 });
}

/** A repository with one commit on `main`, or with none. */
export function makeRepository({ commits = true, path = makeFolder() } = {}): Repository {
	if (commits) {
		// Copying takes a tenth of the time that git takes to make one.
		template ??= initialise(makeFolder(), true).path;
		cpSync(template, path, { recursive: true });
		return repositoryAt(path);
	}
	return initialise(path, false);
}

let template: string | null = null;

function initialise(path: string, commits: boolean): Repository {
	const repository = repositoryAt(path);
	repository.git('init', '--quiet', '--initial-branch=main', '--template=');
	mkdirSync(join(path, '.git/hooks'));
	repository.git('config', 'user.name', 'Test');
	repository.git('config', 'user.email', 'test@example.test');
	if (commits) {
		repository.write('readme.md', '# A repository\n');
		repository.commit('First');
	}
	return repository;
}

export function repositoryAt(path: string): Repository {
	const git = (...args: string[]) =>
		execFileSync('git', ['-c', 'protocol.file.allow=always', ...args], {
			cwd: path,
			stdio: ['ignore', 'pipe', 'pipe'],
			encoding: 'utf8'
		}).trim();
	return {
		path,
		git,
		write(file, text) {
			mkdirSync(dirname(join(path, file)), { recursive: true });
			writeFileSync(join(path, file), text);
		},
		commit(message) {
			git('add', '--all');
			git('commit', '--quiet', `--message=${message}`);
			return git('rev-parse', 'HEAD');
		},
		traces: () => ({
			branches: lines(git('for-each-ref', '--format=%(refname)')),
			worktrees: lines(git('worktree', 'list', '--porcelain')).filter((line) => line.startsWith('worktree ')),
			records: readdirOrNone(join(git('rev-parse', '--path-format=absolute', '--git-common-dir'), 'worktrees'))
		})
	};
}

function lines(text: string): string[] {
	return text.split('\n').filter(Boolean);
}

function readdirOrNone(path: string): string[] {
	try {
		return readdirSync(path);
	} catch {
		return [];
	}
}
