ALTER TABLE `sessions` DROP COLUMN `message_count`;--> statement-breakpoint
ALTER TABLE `sessions` DROP COLUMN `last_message_at`;--> statement-breakpoint
ALTER TABLE `sessions` DROP COLUMN `first_message_preview`;--> statement-breakpoint
ALTER TABLE `sessions` DROP COLUMN `usage`;