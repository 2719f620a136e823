import type { Terminal } from '@xterm/xterm';
import type { Xterm } from './load-xterm';

/**
 * Draws a terminal with WebGL where the browser can. Without it, or once the graphics context is lost, the terminal draws
 * itself with the DOM: slower, and the same to look at.
 * @returns what is in use now, for those who want to know
 */
export function useWebgl(terminal: Terminal, { WebglAddon }: Pick<Xterm, 'WebglAddon'>): { current: 'webgl' | 'dom' } {
	const renderer: { current: 'webgl' | 'dom' } = { current: 'dom' };
	try {
		const addon = new WebglAddon();
		addon.onContextLoss(() => {
			renderer.current = 'dom';
			addon.dispose();
		});
		terminal.loadAddon(addon);
		renderer.current = 'webgl';
	} catch {
		// No WebGL 2 here.
	}
	return renderer;
}
