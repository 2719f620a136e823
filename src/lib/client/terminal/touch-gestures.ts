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
/** What is left of the speed after each frame once the finger is gone. */
const GLIDE = 0.94;
const STILL_PX = 0.4;

/** @returns a function that stops listening */
export function followGestures(element: HTMLElement, handlers: GestureHandlers): () => void {
	let last: { clientX: number; clientY: number } | null = null;
	let isScrolling = false;
	let speed = 0;
	let frame = 0;
	let spread = 0;

	function start({ touches }: TouchEvent): void {
		cancelAnimationFrame(frame);
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
		speed = delta;
		last = pointOf(first);
	}

	function end({ touches }: TouchEvent): void {
		if (touches.length > 0 || !isScrolling || !last) return;
		const at = last;
		const glide = () => {
			speed *= GLIDE;
			if (Math.abs(speed) < STILL_PX) return;
			handlers.onScroll(speed, at);
			frame = requestAnimationFrame(glide);
		};
		frame = requestAnimationFrame(glide);
	}

	element.addEventListener('touchstart', start, { passive: true });
	element.addEventListener('touchmove', move, { passive: false });
	element.addEventListener('touchend', end, { passive: true });
	return () => {
		cancelAnimationFrame(frame);
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
