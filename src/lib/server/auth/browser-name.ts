/** In the order in which they are looked for: most browsers name others as well. */
const BROWSERS: readonly (readonly [name: string, mark: RegExp])[] = [
	['Edge', /\bEdg(?:e|A|iOS)?\//],
	['Opera', /\bOPR\/|\bOpera\b/],
	['Samsung Internet', /\bSamsungBrowser\//],
	['Firefox', /\b(?:Firefox|FxiOS)\//],
	['Chrome', /\b(?:Headless)?Chrom(?:e|ium)\/|\bCriOS\//],
	['Safari', /\bVersion\/\S+ (?:Mobile\/\S+ )?Safari\//]
];

const SYSTEMS: readonly (readonly [name: string, mark: RegExp])[] = [
	['Android', /\bAndroid\b/],
	['iPhone', /\biPhone\b/],
	['iPad', /\biPad\b/],
	['Windows', /\bWindows\b/],
	['ChromeOS', /\bCrOS\b/],
	['Mac', /\bMacintosh\b/],
	['Linux', /\bLinux\b/]
];

/** A browser as a person would call it, as in "Firefox on Android", by its User-Agent; null when it is none that we know. */
export function browserName(userAgent: string | null | undefined): string | null {
	const nameIn = (list: typeof BROWSERS) => list.find(([, mark]) => mark.test(userAgent ?? ''))?.[0];
	const browser = nameIn(BROWSERS);
	const system = nameIn(SYSTEMS);
	return browser ? (system ? `${browser} on ${system}` : browser) : null;
}
