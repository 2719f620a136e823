/** Keys of a transcript: J and K go from step to step, Home and End to its ends; Enter opens, as on every button. */
export function stepTo(event: KeyboardEvent, scroller: HTMLElement): void {
	if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
	const from = event.target as HTMLElement;
	if (from.closest('[data-request], input, textarea')) return;
	const steps = [...scroller.querySelectorAll<HTMLElement>('[data-step]')];
	const at = steps.indexOf(from);
	switch (event.key) {
		case 'j':
			focus(at === -1 ? firstInSight(steps, scroller) : steps[at + 1]);
			break;
		case 'k':
			focus(at === -1 ? steps.findLast((step) => isAbove(step, scroller)) : steps[at - 1]);
			break;
		case 'Escape':
			if (at === -1) return;
			scroller.focus({ preventScroll: true });
			break;
		case 'Home':
			scroller.scrollTop = 0;
			break;
		case 'End':
			scroller.scrollTop = scroller.scrollHeight;
			break;
		default:
			return;
	}
	event.preventDefault();
}

function focus(step: HTMLElement | undefined): void {
	step?.focus({ preventScroll: true });
	step?.scrollIntoView({ block: 'nearest' });
}

function firstInSight(steps: readonly HTMLElement[], scroller: HTMLElement): HTMLElement | undefined {
	const { top } = scroller.getBoundingClientRect();
	return steps.find((step) => step.getBoundingClientRect().top >= top) ?? steps.at(-1);
}

function isAbove(step: HTMLElement, scroller: HTMLElement): boolean {
	return step.getBoundingClientRect().bottom <= scroller.getBoundingClientRect().bottom;
}
