import type { ITerminalOptions } from '@xterm/xterm';

const ANSI = [
	...['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'],
	...['brightBlack', 'brightRed', 'brightGreen', 'brightYellow'],
	...['brightBlue', 'brightMagenta', 'brightCyan', 'brightWhite']
] as const;

/** The colours of hits while something is looked for, as the search wants them: opaque hex. */
export interface HitColors {
	hit: string;
	current: string;
	onCurrent: string;
}

/** The look of a terminal, read from the page's own tokens so that there is one place for colours. */
export function readTerminalTheme(root: HTMLElement): {
	options: Required<Pick<ITerminalOptions, 'theme' | 'minimumContrastRatio'>>;
	hits: HitColors;
} {
	const style = getComputedStyle(root);
	const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
	const isLight = root.dataset.theme === 'light';
	const background = token('bg-term');
	const ansi = Object.fromEntries(ANSI.map((name, index) => [name, token(`ansi-${index}`)]));
	return {
		options: {
			theme: {
				...ansi,
				foreground: token(isLight ? 'ansi-0' : 'ansi-7'),
				background,
				cursor: token('text-1'),
				cursorAccent: background,
				selectionBackground: `${token('accent')}4d`,
				scrollbarSliderBackground: `${token('line-3')}66`,
				scrollbarSliderHoverBackground: `${token('line-3')}99`,
				scrollbarSliderActiveBackground: `${token('line-3')}cc`,
				overviewRulerBorder: '#00000000'
			},
			// Programs send colours that were chosen for a dark background.
			minimumContrastRatio: isLight ? 4.5 : 1
		},
		hits: { hit: mix(token('st-needs'), background, 0.32), current: token('gl-needs'), onCurrent: token('on-needs') }
	};
}

/** `share` of one colour over another; both as #rrggbb. */
export function mix(color: string, over: string, share: number): string {
	const channel = (hex: string, at: number) => Number.parseInt(hex.slice(at, at + 2), 16);
	const mixed = [1, 3, 5].map((at) => Math.round(channel(color, at) * share + channel(over, at) * (1 - share)));
	return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** Calls back when the page changes between dark and light. @returns a function that stops it */
export function onThemeChange(root: HTMLElement, changed: () => void): () => void {
	const observer = new MutationObserver(changed);
	observer.observe(root, { attributes: true, attributeFilter: ['data-theme'] });
	return () => observer.disconnect();
}
