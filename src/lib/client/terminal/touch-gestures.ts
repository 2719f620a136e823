/**
 * What fingers do on a terminal: up and down scrolls as a wheel would, so that a program which takes the wheel gets it;
 * two fingers change the size of the text. Sideways is left to the browser, which pans a screen wider than the page.
 */
export interface GestureHandlers {
	/** Down is positive; in CSS pixels, at a point of the page. */
	onScroll(deltaPx: number, at: { clientX: number; clientY: number }): void;
	/** How much further apart two fingers are than when they came down. */
	onPinch(scale: number): void;
	onPinchStart(): void;
}

const SLOP_PX = 8;
/** In this time a let-go scroll loses about two thirds of its speed. */
const GLIDE_MS = 325;
const STILL_PX_PER_MS = 0.03;

/** @returns a function that stops listening */
export function followGestures(element: HTMLElement, handlers: GestureHandlers): () => void {
	let last: { clientX: number; clientY: number } | null = null;
	let isScrolling = false;
	/** In CSS pixels a millisecond. */
	let speed = 0;
	let movedAt = 0;
	let frame = 0;
	let spread = 0;

	function start({ touches }: TouchEvent): void {
		const [first, second] = touches;
		isScrolling = false;
		speed = 0;
		if (first && second) {
			last = null;
			spread = distance(first, second);
			handlers.onPinchStart();
		} else if (first) last = pointOf(first);
	}

	function move(event: TouchEvent): void {
		const [first, second] = event.touches;
		if (first && second) {
			event.preventDefault();
			if (spread > 0) handlers.onPinch(distance(first, second) / spread);
			return;
		}
		if (!first || !last) return;
		const delta = last.clientY - first.clientY;
		if (!isScrolling && Math.abs(delta) < SLOP_PX) return;
		isScrolling = true;
		if (event.cancelable) event.preventDefault();
		handlers.onScroll(delta, pointOf(first));
		speed = delta / Math.max(1, event.timeStamp - movedAt);
		movedAt = event.timeStamp;
		last = pointOf(first);
	}

	function end({ touches }: TouchEvent): void {
		if (touches.length > 0 || !isScrolling || !last) return;
		const at = last;
		let before = performance.now();
		const glide = (now: number) => {
			const ms = Math.max(0, now - before);
			before = now;
			speed *= Math.exp(-ms / GLIDE_MS);
			if (Math.abs(speed) < STILL_PX_PER_MS) return;
			handlers.onScroll(speed * ms, at);
			frame = requestAnimationFrame(glide);
		};
		frame = requestAnimationFrame(glide);
	}

	/** A finger anywhere holds what glides. */
	const hold = () => cancelAnimationFrame(frame);

	window.addEventListener('touchstart', hold, { passive: true, capture: true });
	element.addEventListener('touchstart', start, { passive: true });
	element.addEventListener('touchmove', move, { passive: false });
	element.addEventListener('touchend', end, { passive: true });
	return () => {
		hold();
		window.removeEventListener('touchstart', hold, { capture: true });
		element.removeEventListener('touchstart', start);
		element.removeEventListener('touchmove', move);
		element.removeEventListener('touchend', end);
	};
}

function pointOf({ clientX, clientY }: Touch) {
	return { clientX, clientY };
}

function distance(a: Touch, b: Touch): number {
	return Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
}
