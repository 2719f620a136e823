/** What a program says about itself through its terminal, and the wire forms it says it in. */

export type ProgramStatus = {
	state: 'idle' | 'working' | 'blocked' | 'done' | 'error' | 'clear';
	app: string | null;
	/** What it is blocked on: permission, question, auth. */
	blockedOn: string | null;
	id: string | null;
	title: string | null;
	message: string | null;
	/** Percent. */
	progress: number | null;
};

export type ProgramReport =
	| { kind: 'status'; status: ProgramStatus }
	| { kind: 'title'; title: string }
	| { kind: 'notification'; title: string | null; message: string }
	| { kind: 'bell' };

const MAX_TEXT = 500;
const STATES: readonly string[] = ['idle', 'working', 'blocked', 'done', 'error', 'clear'];

/** Reads the record of a program status report (OSC 7501): `key=value` pairs between colons. Null when it has no state. */
export function parseProgramStatus(record: string): ProgramStatus | null {
	const fields = new Map<string, string>();
	for (const pair of record.split(':')) {
		const equals = pair.indexOf('=');
		if (equals > 0) fields.set(pair.slice(0, equals), pair.slice(equals + 1));
	}
	const state = fields.get('state');
	if (state === undefined || !STATES.includes(state)) return null;
	return {
		state: state as ProgramStatus['state'],
		app: plainText(fields.get('app')),
		blockedOn: plainText(fields.get('kind')),
		id: plainText(fields.get('id')),
		title: base64Text(fields.get('title')),
		message: base64Text(fields.get('msg')),
		progress: percent(fields.get('progress'))
	};
}

/** OSC 9: a notification's text, unless it is one of the numbered commands (such as `4;…`, progress) that share the code. */
export function parseNotification9(body: string): ProgramReport | null {
	if (/^\d{1,2}(;|$)/.test(body)) return null;
	const message = plainText(body);
	return message === null ? null : { kind: 'notification', title: null, message };
}

/** OSC 777: `notify;title;message`. */
export function parseNotification777(body: string): ProgramReport | null {
	const [command, title, ...rest] = body.split(';');
	if (command !== 'notify') return null;
	return { kind: 'notification', title: plainText(title), message: plainText(rest.join(';')) ?? '' };
}

/** One line without control characters, of bounded length; null when nothing is left. */
export function plainText(text: string | undefined): string | null {
	if (text === undefined) return null;
	// eslint-disable-next-line no-control-regex -- control characters are what is taken out
	const line = text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
	if (line === '') return null;
	return line.length > MAX_TEXT ? `${line.slice(0, MAX_TEXT - 1)}…` : line;
}

function base64Text(encoded: string | undefined): string | null {
	return encoded === undefined ? null : plainText(Buffer.from(encoded, 'base64').toString('utf8'));
}

function percent(text: string | undefined): number | null {
	if (text === undefined || !/^\d{1,3}$/.test(text)) return null;
	return Math.min(100, Number(text));
}
