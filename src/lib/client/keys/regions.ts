const REGIONS = '#sidebar, #main, aside, footer.status';

/** Moves focus to the next region of the page that can be seen, round and round. */
export function focusNextRegion(): void {
	const regions = [...document.querySelectorAll<HTMLElement>(REGIONS)].filter((region) => region.offsetParent !== null);
	const at = regions.findLastIndex((region) => region.contains(document.activeElement));
	const next = regions[(at + 1) % regions.length];
	const first = next?.querySelector<HTMLElement>('[tabindex="0"], a[href], button:not([tabindex="-1"]), input');
	if (!next) return;
	// One that only tells something takes the focus itself.
	if (!first) next.tabIndex = -1;
	(first ?? next).focus();
}
