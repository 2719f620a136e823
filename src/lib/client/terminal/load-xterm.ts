/** What terminals are drawn with, fetched with the first one and not with the page. */
export type Xterm = Awaited<ReturnType<typeof load>>;

const FACES = ["400 12.5px 'JetBrains Mono NL'", "700 12.5px 'JetBrains Mono NL'"];
let loading: Promise<Xterm> | undefined;

/** The terminal's code and its font: cells measured before the font is there would have the wrong size. */
export function loadXterm(): Promise<Xterm> {
	return (loading ??= load().catch((error: unknown) => {
		loading = undefined;
		throw error;
	}));
}

async function load() {
	const [xterm, fit, search, unicode11, webLinks, webgl] = await Promise.all([
		import('@xterm/xterm'),
		import('@xterm/addon-fit'),
		import('@xterm/addon-search'),
		import('@xterm/addon-unicode11'),
		import('@xterm/addon-web-links'),
		import('@xterm/addon-webgl'),
		loadFont()
	]);
	return {
		Terminal: xterm.Terminal,
		FitAddon: fit.FitAddon,
		SearchAddon: search.SearchAddon,
		Unicode11Addon: unicode11.Unicode11Addon,
		WebLinksAddon: webLinks.WebLinksAddon,
		WebglAddon: webgl.WebglAddon
	};
}

/** Goes on without the font when it can't be had: a terminal in another face is better than none. */
async function loadFont(): Promise<void> {
	await Promise.all(FACES.map((face) => document.fonts.load(face))).catch(() => {});
}
