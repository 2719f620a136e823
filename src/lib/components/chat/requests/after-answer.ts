import { tick } from 'svelte';

/** After an answer focus goes to the next request, or to where it came from, or to the message's field. */
export async function afterAnswer(requestId: string, cameFrom: HTMLElement | null): Promise<void> {
	await tick();
	const open = [...document.querySelectorAll<HTMLElement>('[data-request]')];
	const next = open.find((card) => card.dataset.request !== requestId && card.offsetParent !== null);
	const field = document.querySelector<HTMLElement>('[data-composer]');
	const target = next ?? (cameFrom?.isConnected ? cameFrom : field);
	target?.focus();
}
