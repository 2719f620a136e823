CREATE TABLE `unfinished_worktrees` (
	`path` text PRIMARY KEY NOT NULL,
	`repository` text NOT NULL,
	`made_root` text,
	`branch` text NOT NULL,
	`branch_commit` text,
	`server_pid` integer NOT NULL,
	`created_at` text NOT NULL
);
