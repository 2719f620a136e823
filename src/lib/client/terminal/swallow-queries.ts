import type { IDisposable, Terminal } from '@xterm/xterm';

/**
 * Makes a terminal silent where a program asks it something. The answer is given once, where the program runs; from here
 * it would come again for every viewer, and again for every replay.
 */
export function swallowQueries({ parser }: Pick<Terminal, 'parser'>): IDisposable {
	const silent = () => true;
	const isColorQuery = (data: string) => data.split(';').includes('?');
	const handlers = [
		// Attributes, version, status, cursor position, keyboard protocol.
		parser.registerCsiHandler({ final: 'c' }, silent),
		parser.registerCsiHandler({ prefix: '>', final: 'c' }, silent),
		parser.registerCsiHandler({ prefix: '=', final: 'c' }, silent),
		parser.registerCsiHandler({ prefix: '>', final: 'q' }, silent),
		parser.registerCsiHandler({ final: 'n' }, silent),
		parser.registerCsiHandler({ prefix: '?', final: 'n' }, silent),
		parser.registerCsiHandler({ prefix: '?', final: 'u' }, silent),
		// Whether a mode is set.
		parser.registerCsiHandler({ intermediates: '$', final: 'p' }, silent),
		parser.registerCsiHandler({ prefix: '?', intermediates: '$', final: 'p' }, silent),
		// Sizes and titles; moving a window means nothing here.
		parser.registerCsiHandler({ final: 't' }, silent),
		// Settings and capabilities.
		parser.registerDcsHandler({ intermediates: '$', final: 'q' }, silent),
		parser.registerDcsHandler({ intermediates: '+', final: 'q' }, silent),
		// Setting a colour is none of these and goes on.
		parser.registerOscHandler(4, isColorQuery),
		parser.registerOscHandler(10, isColorQuery),
		parser.registerOscHandler(11, isColorQuery),
		parser.registerOscHandler(12, isColorQuery),
		parser.registerOscHandler(7501, silent)
	];
	return { dispose: () => handlers.forEach((handler) => handler.dispose()) };
}
