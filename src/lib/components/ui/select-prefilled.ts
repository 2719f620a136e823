import type { Attachment } from 'svelte/attachments';

/**
 * Selects what a field was filled in with when it gets focus, and at the first click, so that typing replaces it. A
 * second click puts the caret, and what somebody has typed is left alone.
 */
export const selectPrefilled: Attachment<HTMLInputElement> = (input) => {
	let prefilled: string | null = null;
	let wasClicked = false;

	const onfocus = () => {
		prefilled ??= input.value;
		if (input.value === prefilled) input.select();
	};
	const onmousedown = (event: MouseEvent) => {
		if (wasClicked || (prefilled !== null && input.value !== prefilled)) return;
		wasClicked = true;
		// Would put the caret.
		event.preventDefault();
		input.focus();
		input.select();
	};
	const onblur = () => (wasClicked = false);
	input.addEventListener('focus', onfocus);
	input.addEventListener('mousedown', onmousedown);
	input.addEventListener('blur', onblur);
	return () => {
		input.removeEventListener('focus', onfocus);
		input.removeEventListener('mousedown', onmousedown);
		input.removeEventListener('blur', onblur);
	};
};
