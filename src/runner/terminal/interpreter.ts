/** Reads a program's output for the few sequences that concern the runner: questions, which it answers, and reports. */
import { createModeMemory } from './mode-memory';
import { parseNotification777, parseNotification9, parseProgramStatus, plainText } from './program-report';
import type { ProgramReport } from './program-report';
import { createSequenceScanner, latin1 } from './sequence-scanner';
import { parseColorQueries, parseCsiQuery, parsePaletteQueries } from './terminal-query';
import type { TerminalQuery, Terminator } from './terminal-query';

export type { ProgramReport, TerminalQuery };

export type Interpreter = {
	/** Takes the next bytes of the stream; never throws for what they are. The bytes are not kept. */
	push(bytes: Uint8Array): void;
};

export function createInterpreter(options: {
	onQuery(query: TerminalQuery): void;
	onReport(report: ProgramReport): void;
}): Interpreter {
	const { onQuery, onReport } = options;
	const modes = createModeMemory();
	const decoder = new TextDecoder();

	const { push } = createSequenceScanner({
		csiFinals: 'chlnpqtu',
		csi(body, final, end) {
			csi(latin1(body), final, end);
		},
		osc(body, endedByBell) {
			osc(body, endedByBell ? '\x07' : '\x1b\\');
		},
		dcs,
		escape(final, intermediates) {
			// RIS: the terminal is reset.
			if (final === 'c' && intermediates === '') modes.reset();
		},
		bell: () => onReport({ kind: 'bell' })
	});

	function csi(body: string, final: string, end: number): void {
		if (final === 'h' || final === 'l') return modes.apply(body, final === 'h');
		if (final === 'p' && body === '!') return modes.softReset();
		const query = parseCsiQuery(body, final, modes.isSet, end);
		if (query) onQuery(query);
	}

	function osc(body: Uint8Array, terminator: Terminator): void {
		const code = oscCode(body);
		if (code === null) return;
		const text = () => decoder.decode(body.subarray(String(code).length + 1));
		switch (code) {
			case 0:
			case 2:
				return onReport({ kind: 'title', title: plainText(text()) ?? '' });
			case 4:
				return parsePaletteQueries(text(), terminator).forEach(onQuery);
			case 9: {
				const report = parseNotification9(text());
				return report ? onReport(report) : undefined;
			}
			case 10:
			case 11:
			case 12:
				return parseColorQueries(code, text(), terminator).forEach(onQuery);
			case 777: {
				const report = parseNotification777(text());
				return report ? onReport(report) : undefined;
			}
			case 7501: {
				const record = text();
				if (record === '?') return onQuery({ kind: 'programStatus', terminator });
				const status = parseProgramStatus(record);
				return status ? onReport({ kind: 'status', status }) : undefined;
			}
		}
	}

	function dcs(body: Uint8Array): void {
		// DECRQSS: `$ q` and the function asked about.
		if (body.length <= 8 && body[0] === 0x24 && body[1] === 0x71) {
			onQuery({ kind: 'setting', request: latin1(body.subarray(2)) });
		}
	}

	return { push };
}

/** The number in front of the first semicolon; null when there is none, or it is not one of ours to read. */
function oscCode(body: Uint8Array): number | null {
	let code = 0;
	for (let at = 0; at < 5 && at < body.length; at++) {
		const byte = body[at]!;
		if (byte === 0x3b) return at === 0 ? null : code;
		if (byte < 0x30 || byte > 0x39 || (at > 0 && code === 0)) return null;
		code = code * 10 + byte - 0x30;
	}
	return null;
}
