/**
 * Tells how much of the window an on-screen keyboard leaves free, for browsers that lay the keyboard over the page.
 * @param changed gets CSS pixels, or null while nothing is covered
 * @returns a function that stops it
 */
export function followVisibleHeight(changed: (heightPx: number | null) => void): () => void {
	const viewport = window.visualViewport;
	if (!viewport) return () => {};
	const look = () => {
		// A page zoomed by fingers is covered by nothing.
		const isCovered = viewport.scale < 1.05 && window.innerHeight - viewport.height > 60;
		changed(isCovered ? Math.round(viewport.height) : null);
		// Such browsers also push the page up; it fits without that.
		if (isCovered && viewport.offsetTop > 0) window.scrollTo(0, 0);
	};
	viewport.addEventListener('resize', look);
	viewport.addEventListener('scroll', look);
	look();
	return () => {
		viewport.removeEventListener('resize', look);
		viewport.removeEventListener('scroll', look);
	};
}
