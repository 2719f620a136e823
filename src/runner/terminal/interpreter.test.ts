import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInterpreter } from './interpreter';
import type { ProgramReport } from './program-report';
import { MAX_SEQUENCE_BYTES } from './sequence-scanner';
import type { TerminalQuery } from './terminal-query';

type Heard = { query: TerminalQuery } | { report: ProgramReport };

/** What is heard in a stream that comes in these pieces. */
function hear(...pieces: (string | Uint8Array)[]): Heard[] {
	const heard: Heard[] = [];
	const interpreter = createInterpreter({
		onQuery: (query) => heard.push({ query }),
		onReport: (report) => heard.push({ report })
	});
	for (const piece of pieces) interpreter.push(typeof piece === 'string' ? Buffer.from(piece) : piece);
	return heard;
}

const queries = (...pieces: (string | Uint8Array)[]) =>
	hear(...pieces).flatMap((one) => ('query' in one ? [one.query] : []));
const reports = (...pieces: (string | Uint8Array)[]) =>
	hear(...pieces).flatMap((one) => ('report' in one ? [one.report] : []));

const SAYINGS = [
	...[
		'\x1b[c',
		'\x1b[0c',
		'\x1b[>c',
		'\x1b[>0q',
		'\x1b[5n',
		'\x1b[6n',
		'\x1b[?6n',
		'\x1b[?996n',
		'\x1b[?2004$p',
		'\x1b[4$p'
	],
	...[
		'\x1b[?u',
		'\x1b]10;?\x07',
		'\x1b]11;?\x1b\\',
		'\x1b]4;1;?;300;?\x07',
		'\x1b]7501;?\x07',
		'\x1bP$qm\x1b\\',
		'\x1b[18t'
	],
	...['\x1b]7501;state=idle:app=x\x1b\\', '\x1b]0;✳ title\x07', '\x1b]9;done\x07', '\x1b]777;notify;a;b\x1b\\', '\x07'],
	...[
		'\x1b[?2004h',
		'\x1b[?2004l',
		'\x1bc',
		'\x1b[!p',
		'\x1b[31m',
		'\x1b[2J',
		'\x1b7',
		'\x1b(0',
		'\x1bPq#0\x07#1\x1b\\'
	],
	...[
		'\x1b]11;?',
		'\x1b]0;open',
		'\x1bP$q',
		'\x1b[?',
		'\x1b',
		'\x1b_unterminated',
		'\x18',
		'\x1a',
		'text',
		'€🙂',
		'\r\n'
	],
	...['x'.repeat(100), 'long line without any sequence in it '.repeat(20), '\x9c\x9d\xff', '\x1b[1\n2m', '\x1b[6\x08n']
];

describe('the interpreter', () => {
	it('hears the same however the stream is cut', () => {
		const stream = fc
			.array(fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...SAYINGS) }, fc.string({ maxLength: 8 })), {
				maxLength: 40
			})
			.map((parts) => Buffer.concat(parts.map((part) => Buffer.from(part, part.includes('\x9c') ? 'latin1' : 'utf8'))));
		fc.assert(
			fc.property(stream, fc.array(fc.nat({ max: 600 }), { maxLength: 30 }), (bytes, cuts) => {
				const ends = [...cuts.filter((cut) => cut < bytes.length), bytes.length].sort((a, b) => a - b);
				const pieces = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
				expect(hear(...pieces)).toEqual(hear(bytes));
			}),
			{ numRuns: 500 }
		);
	});

	it('hears everything byte by byte, also in what random bytes leave open', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(...SAYINGS), (noise, saying) => {
				const bytes = Buffer.concat([noise, Buffer.from(`\x1b\\${saying}\x18`)]);
				const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
				expect(hear(...single)).toEqual(hear(bytes));
			}),
			{ numRuns: 200 }
		);
	});

	it('finds a question in a flood and says where it ended', () => {
		const flood = Buffer.from('flood of text \x1b[32mand colour\x1b[m\r\n'.repeat(5000));
		expect(queries(flood, '\x1b[6n', flood)).toEqual([{ kind: 'cursor', isPrivate: false, end: flood.length + 4 }]);
	});

	it('takes a string that a new sequence interrupts as ended, as the browser does', () => {
		expect(queries('\x1b]11;?\x1b[c')).toEqual([
			{ kind: 'color', of: 'background', terminator: '\x1b\\' },
			{ kind: 'primaryAttributes' }
		]);
	});

	it('reads a sequence through control characters in its midst, also where it is cut there', () => {
		expect(queries('\x1b[6\x08', 'n\x1b[', '\r', '5', '\n', 'n')).toMatchObject([
			{ kind: 'cursor' },
			{ kind: 'status' }
		]);
	});

	it('drops a sequence that the program cancels', () => {
		expect(hear('\x1b[6\x18n', '\x1b]11;?\x1a', '\x1bP$qm\x18')).toEqual([]);
	});

	it('hears no bell in one that ends a string, and hears those in other sequences', () => {
		expect(reports('\x1b]8;;http://a.test\x07')).toEqual([]);
		expect(reports('\x1b[3\x071m\x1bPq\x07\x1b\\')).toEqual([{ kind: 'bell' }]);
	});

	it('skips a string beyond every measure and hears what follows it', () => {
		const endless = `\x1b]0;${'x'.repeat(MAX_SEQUENCE_BYTES)}`;
		expect(hear(endless, 'x'.repeat(1000), '\x07\x1b[5n')).toEqual([{ query: { kind: 'status' } }]);
	});

	it('knows whether a mode is set, through resets', () => {
		const mode = (isSet: boolean | null) => ({ kind: 'mode', mode: 2004, isPrivate: true, isSet });
		const ask = '\x1b[?2004$p';
		const set = '\x1b[?1;2004h';
		expect(queries(ask, set, ask, '\x1b[?2004l', ask, set, '\x1b[!p', ask, set, '\x1bc', ask)).toEqual(
			[null, true, false, null, null].map(mode)
		);
	});

	it('remembers, through a soft reset, what that leaves alone', () => {
		expect(queries('\x1b[?1000;25h\x1b[!p\x1b[?1000$p')).toMatchObject([{ isSet: true }]);
	});

	it('asks nothing about what is not a question', () => {
		const statements = [
			'\x1b[?1;2c',
			'\x1b[3;4R',
			'\x1b[0n',
			'\x1b]11;rgb:00/00/00\x07',
			'\x1b]7501;state=idle\x07',
			'\x1b[4 q'
		];
		expect(queries(statements.join(''))).toEqual([]);
	});
});

describe('program reports', () => {
	const base64 = (text: string) => Buffer.from(text).toString('base64');

	it('are read with all their fields', () => {
		const record = `state=blocked:app=claude-code:kind=permission:id=7:title=${base64('T')}:msg=${base64('approve Bash: touch é')}:progress=40`;
		expect(reports(`\x1b]7501;${record}\x1b\\`)).toEqual([
			{
				kind: 'status',
				status: {
					...{ state: 'blocked', app: 'claude-code', blockedOn: 'permission', id: '7', title: 'T' },
					...{ message: 'approve Bash: touch é', progress: 40 }
				}
			}
		]);
	});

	it('are nothing without a state that is known', () => {
		expect(reports('\x1b]7501;app=x\x07\x1b]7501;state=dancing\x07\x1b]7501;\x07')).toEqual([]);
	});

	it('carry no control characters and no endless text', () => {
		const [report] = reports(`\x1b]7501;state=working:msg=${base64(`a\x1b[31m\nb${'c'.repeat(2000)}`)}\x07`);
		const { message } = (report as Extract<ProgramReport, { kind: 'status' }>).status;
		expect(message).toMatch(/^a \[31m b/);
		expect(message!.length).toBeLessThanOrEqual(500);
	});

	it('tell titles and notifications, but not the commands that share their number', () => {
		expect(
			reports('\x1b]2;✦  Working…\x07\x1b]9;4;1;50\x07\x1b]9;Approval requested: rm\x07\x1b]777;notify;Title;a;b\x07')
		).toEqual([
			{ kind: 'title', title: '✦  Working…' },
			{ kind: 'notification', title: null, message: 'Approval requested: rm' },
			{ kind: 'notification', title: 'Title', message: 'a;b' }
		]);
	});
});
