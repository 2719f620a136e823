import type { Attachment } from 'svelte/attachments';

const FIRST_MS = 400;
const NEXT_MS = 60;
/** A finger that moves further than this swipes instead of pressing. */
const SLOP_PX = 10;

/** A button that acts when it is pressed and again while it is held, as a key on a keyboard does. */
export function repeating(act: () => void): Attachment<HTMLElement> {
	return (button) => {
		let timer: ReturnType<typeof setTimeout> | undefined;
		let startX = 0;
		let hasRepeated = false;

		function repeat() {
			hasRepeated = true;
			act();
			timer = setTimeout(repeat, NEXT_MS);
		}
		function down({ clientX }: PointerEvent) {
			startX = clientX;
			hasRepeated = false;
			timer = setTimeout(repeat, FIRST_MS);
		}
		function move({ clientX }: PointerEvent) {
			if (Math.abs(clientX - startX) > SLOP_PX) stop();
		}
		function stop() {
			clearTimeout(timer);
		}
		function click() {
			stop();
			// The release after a long press would be one too many.
			if (!hasRepeated) act();
			hasRepeated = false;
		}

		button.addEventListener('pointerdown', down);
		button.addEventListener('pointermove', move);
		button.addEventListener('click', click);
		for (const end of ['pointerup', 'pointercancel', 'pointerleave']) button.addEventListener(end, stop);
		return () => {
			stop();
			button.removeEventListener('pointerdown', down);
			button.removeEventListener('pointermove', move);
			button.removeEventListener('click', click);
			for (const end of ['pointerup', 'pointercancel', 'pointerleave']) button.removeEventListener(end, stop);
		};
	};
}
