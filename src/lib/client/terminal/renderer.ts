import type { Terminal } from '@xterm/xterm';
import type { Xterm } from './load-xterm';

/**
 * Draws a terminal with WebGL where the machine has graphics for it. Without, or once the graphics context is lost, the
 * terminal draws itself with the DOM, which looks the same and is faster than graphics made by the processor.
 */
export function useWebgl(terminal: Terminal, { WebglAddon }: Pick<Xterm, 'WebglAddon'>): void {
	if (!hasGraphics()) return;
	try {
		const addon = new WebglAddon();
		addon.onContextLoss(() => addon.dispose());
		terminal.loadAddon(addon);
	} catch {
		// The context was refused after all, as when a page has too many.
	}
}

/** Names of what draws graphics without a graphics card. */
const BY_PROCESSOR = /swiftshader|llvmpipe|softpipe|software|basic render/i;

function hasGraphics(): boolean {
	const probe = document.createElement('canvas').getContext('webgl2');
	if (!probe) return false;
	const names = probe.getExtension('WEBGL_debug_renderer_info');
	const name: unknown = probe.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : probe.RENDERER);
	// Contexts are few: this one is given back at once.
	probe.getExtension('WEBGL_lose_context')?.loseContext();
	return !BY_PROCESSOR.test(String(name));
}
