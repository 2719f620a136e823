const SLOP_PX = 5;

/**
 * Follows a pointer that drags a tab along its strip. A finger scrolls the strip instead.
 * @param tabs.ended gets the order from before when the drag was given up
 */
export function dragTab(
	event: PointerEvent,
	tabs: {
		order(): readonly string[];
		started(): void;
		moved(place: number): void;
		ended(before: string[] | null): void;
	}
): void {
	const tab = event.currentTarget;
	if (event.button !== 0 || event.pointerType === 'touch' || !(tab instanceof HTMLElement)) return;
	const strip = tab.parentElement;
	const id = tab.dataset.tab;
	if (!strip || !id) return;
	const before = [...tabs.order()];
	const startX = event.clientX;
	let isDragging = false;

	function move({ clientX }: PointerEvent): void {
		if (!isDragging && Math.abs(clientX - startX) < SLOP_PX) return;
		if (!isDragging) tabs.started();
		isDragging = true;
		const others = [...strip!.querySelectorAll<HTMLElement>('[data-tab]')].filter(({ dataset }) => dataset.tab !== id);
		const place = others.filter((other) => middleOf(other) < clientX).length;
		if (tabs.order().indexOf(id!) !== place) tabs.moved(place);
	}
	function end(giveUp: boolean): void {
		window.removeEventListener('pointermove', move);
		window.removeEventListener('pointerup', up);
		window.removeEventListener('pointercancel', cancel);
		window.removeEventListener('keydown', escape, true);
		if (isDragging) tabs.ended(giveUp ? before : null);
	}
	const up = () => end(false);
	const cancel = () => end(true);
	function escape(key: KeyboardEvent): void {
		if (key.key !== 'Escape') return;
		key.stopPropagation();
		end(true);
	}

	window.addEventListener('pointermove', move);
	window.addEventListener('pointerup', up);
	window.addEventListener('pointercancel', cancel);
	window.addEventListener('keydown', escape, true);
}

function middleOf(element: HTMLElement): number {
	const { left, width } = element.getBoundingClientRect();
	return left + width / 2;
}
