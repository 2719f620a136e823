/** Keeps a scroller at its end while the reader is there, and stays out of the way when not. */

/** Nearer to the end than this counts as there. */
const AT_END_PX = 24;

export class EndFollower {
	/** Whether the reader is at the end. */
	following = $state(true);
	#scroller: HTMLElement | null = null;
	#top = 0;

	/** @returns a function that ends it */
	attach(scroller: HTMLElement, content: HTMLElement): () => void {
		this.#scroller = scroller;
		const resized = new ResizeObserver(() => {
			if (this.following) this.#toEnd();
		});
		resized.observe(scroller);
		resized.observe(content);
		this.#toEnd();
		return () => {
			resized.disconnect();
			this.#scroller = null;
		};
	}

	/** To be called when the scroller has moved. */
	scrolled(): void {
		const scroller = this.#scroller;
		if (!scroller) return;
		const { scrollTop, scrollHeight, clientHeight } = scroller;
		const isAtEnd = scrollHeight - clientHeight - scrollTop < AT_END_PX;
		// Only a person scrolls up: what grows below leaves the top where it was.
		if (isAtEnd) this.following = true;
		else if (scrollTop < this.#top) this.following = false;
		this.#top = scrollTop;
	}

	/** The reader goes somewhere else. */
	leave(): void {
		this.following = false;
	}

	jump(): void {
		this.following = true;
		this.#toEnd();
	}

	#toEnd(): void {
		if (!this.#scroller) return;
		this.#scroller.scrollTop = this.#scroller.scrollHeight;
		this.#top = this.#scroller.scrollTop;
	}
}
