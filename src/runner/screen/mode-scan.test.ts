import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { internalsOf, openTerminal } from './headless-terminal';
import { createModeScan } from './mode-scan';

const SAYINGS = [
	...['\x1b[?1h', '\x1b[?1l', '\x1b[?1000h', '\x1b[?1002;1006h', '\x1b[?1000;1002;1003l', '\x1b[?2004h'],
	...['\x1b[?7l', '\x1b[4h', '\x1b[4l', '\x1b=', '\x1b>', '\x1b[4 q', '\x1b(0', '\x1b(B'],
	...[
		'\x1b[31m',
		'\x1b[1;44m',
		'\x1b[m',
		'\x1b[0;3m',
		'\x1b[>4;1m',
		'\x1b]2;title\x07',
		'\x1bc',
		'\x1b[!p',
		'\x1b[?1047h',
		'\x1b[?1047l'
	],
	...['text', '\r\n', '\x1b[2J', '\x1b[5;5H']
];

async function stateAfter(...written: (string | Uint8Array)[]) {
	const terminal = openTerminal(20, 6);
	let title = '';
	terminal.onTitleChange((next) => (title = next));
	for (const data of written) await new Promise<void>((resolve) => terminal.write(data, resolve));
	const { buffers, coreService, coreMouseService, _charsetService, _inputHandler } = internalsOf(terminal);
	const { fg, bg } = _inputHandler._curAttrData;
	const { scrollTop, scrollBottom } = buffers.active;
	const { cursorStyle, cursorBlink } = coreService.decPrivateModes;
	const state = {
		...{
			modes: terminal.modes,
			type: terminal.buffer.active.type,
			title,
			fg,
			bg,
			scrollTop,
			scrollBottom,
			cursorStyle,
			cursorBlink
		},
		...{
			hidden: coreService.isCursorHidden,
			mouse: coreMouseService.activeEncoding,
			newLine: terminal.options.convertEol
		},
		charset: Boolean(_charsetService.charset)
	};
	terminal.dispose();
	return state;
}

describe('what a stretch of output leaves behind', () => {
	it('is what drawing it leaves behind', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.constantFrom(...SAYINGS), { maxLength: 25 }),
				fc.nat({ max: 25 }),
				async (sayings, split) => {
					const first = createModeScan({ styles: true });
					for (const saying of sayings.slice(0, split)) first.push(Buffer.from(saying));
					const second = createModeScan({ styles: true });
					second.push(first.replay());
					for (const saying of sayings.slice(split)) second.push(Buffer.from(saying));
					expect(await stateAfter(second.replay())).toEqual(await stateAfter(sayings.join('')));
				}
			),
			{ numRuns: 200, seed: 13 }
		);
	});

	it('keeps the margins of the screen that it ends on', async () => {
		const scan = createModeScan({ styles: false });
		scan.push(Buffer.from('\x1b[2;5r\x1b[?1049h\x1b[3;4r'));
		expect(await stateAfter(scan.replay())).toMatchObject({ type: 'alternate', scrollTop: 2, scrollBottom: 3 });
		scan.push(Buffer.from('\x1b[?1049l'));
		expect(await stateAfter(scan.replay())).toMatchObject({ type: 'normal', scrollTop: 0, scrollBottom: 5 });
	});

	it('ends with a sequence that it ends in', async () => {
		const scan = createModeScan({ styles: false });
		scan.push(Buffer.from('text\x1b[?20'));
		expect(await stateAfter(scan.replay(), '04h')).toMatchObject({ modes: { bracketedPasteMode: true } });
	});

	it('is kept in few bytes, whatever is in it', () => {
		const scan = createModeScan({ styles: true });
		for (let index = 0; index < 20_000; index++) {
			scan.push(Buffer.from(`\x1b[38;5;${index % 256}m\x1b[?${index}h\x1b]2;${'x'.repeat(1000)}\x07`));
		}
		expect(scan.replay().length).toBeLessThan(10_000);
	});
});
