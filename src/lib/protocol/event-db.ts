/**
 * The file format of `events.db`, the contract between the runner, which alone writes it, and the web server, which reads
 * it. Times are milliseconds since 1970. A rowid table: appending to one WITHOUT ROWID was measured a third slower.
 */
export const EVENT_DB_VERSION = 1;

/** What a terminal's program writes: nearly all events are of this channel. */
export const OUTPUT_CHANNEL = 'pty:stdout';

export const EVENT_DB_SCHEMA = `
	CREATE TABLE meta (
		key TEXT PRIMARY KEY,
		value TEXT NOT NULL
	) STRICT;

	-- One row a worker: the bounds of its log, and what the log says of it (WorkerRuntime).
	CREATE TABLE workers (
		number INTEGER PRIMARY KEY,
		id TEXT NOT NULL UNIQUE,
		first_seq INTEGER NOT NULL,
		last_seq INTEGER NOT NULL,
		-- Bytes of output ever written, kept through trimming.
		output_bytes INTEGER NOT NULL,
		state TEXT NOT NULL,
		state_detail TEXT,
		error_message TEXT,
		exit_code INTEGER,
		signal TEXT,
		pid INTEGER,
		-- The start time of that pid, as the system counts it: a reused pid has another.
		pid_started TEXT,
		agent_session_id TEXT,
		cols INTEGER NOT NULL,
		rows INTEGER NOT NULL,
		started_at INTEGER,
		ended_at INTEGER,
		last_event_at INTEGER,
		-- JSON: a conversation's facts and its queue. Null for a terminal.
		chat TEXT
	) STRICT;

	-- payload: the bytes themselves for channel pty:stdout, else JSON in UTF-8.
	CREATE TABLE events (
		worker INTEGER NOT NULL,
		seq INTEGER NOT NULL,
		channel TEXT NOT NULL,
		type TEXT NOT NULL,
		payload BLOB NOT NULL,
		ts INTEGER NOT NULL,
		-- Output bytes of this worker up to and including this event: how far behind a cursor is, in one look-up.
		output_end INTEGER NOT NULL,
		PRIMARY KEY (worker, seq)
	) STRICT;

	-- All events but output: a channel is read without walking through the output.
	CREATE INDEX events_but_output ON events (worker, channel, seq) WHERE channel <> '${OUTPUT_CHANNEL}';

	-- A screen model put away: writing data to a terminal of cols x rows gives the screen as of seq.
	CREATE TABLE checkpoints (
		worker INTEGER PRIMARY KEY,
		seq INTEGER NOT NULL,
		cols INTEGER NOT NULL,
		rows INTEGER NOT NULL,
		data TEXT NOT NULL
	) STRICT;
`;
