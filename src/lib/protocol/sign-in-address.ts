/** Where a browser signs in, and where it goes from there. */

const SIGN_IN = '/login';
const WANTED = 'to';
/** Of an address with its wanted page in it; servers refuse very long ones. */
const MOST_CHARACTERS = 8_000;

/** The sign-in page on the way to another. @param wanted the path and query of a page of this console */
export function signInAddress(wanted: string): string {
	const address = `${SIGN_IN}?${new URLSearchParams({ [WANTED]: wanted })}`;
	return wanted === '/' || address.length > MOST_CHARACTERS ? SIGN_IN : address;
}

/** The page that a sign-in page's address asks for; null for none. Whoever wrote that address chose it freely. */
export function wantedOf(signIn: URL): string | null {
	return signIn.searchParams.get(WANTED);
}

/**
 * The whole address to go to after signing in: the wanted page where it is one of this console, the overview otherwise.
 * It names the origin, as a path may begin with `//`, which alone would name another host.
 */
export function addressAfterSignIn(wanted: string | null, origin: string): string {
	const overview = `${origin}/`;
	if (wanted === null || !URL.canParse(wanted, origin)) return overview;
	const url = new URL(wanted, origin);
	if (url.origin !== origin || url.pathname === SIGN_IN) return overview;
	return origin + url.pathname + url.search;
}
