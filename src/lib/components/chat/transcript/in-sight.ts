/** Draws what is less than this far out of sight, so that scrolling finds it there. */
const MARGIN_PX = 1200;

/** Tells elements whether they are in sight of a scroller, or nearly. */
export class InSight {
	readonly #listeners = new Map<Element, (near: boolean) => void>();
	#observer: IntersectionObserver | null = null;

	/** @returns a function that ends it */
	within(scroller: HTMLElement): () => void {
		this.#observer = new IntersectionObserver(
			(entries) => {
				for (const { target, isIntersecting } of entries) this.#listeners.get(target)?.(isIntersecting);
			},
			{ root: scroller, rootMargin: `${MARGIN_PX}px 0px` }
		);
		for (const element of this.#listeners.keys()) this.#observer.observe(element);
		return () => {
			this.#observer?.disconnect();
			this.#observer = null;
		};
	}

	/** @returns a function that ends it */
	watch(element: Element, onChange: (near: boolean) => void): () => void {
		this.#listeners.set(element, onChange);
		this.#observer?.observe(element);
		return () => {
			this.#listeners.delete(element);
			this.#observer?.unobserve(element);
		};
	}
}
