import type { Attachment } from 'svelte/attachments';
import type { Sighting } from './sighting';

/** Tells a sighting when an element comes into sight and goes out of it, the page's own hiding included. */
export function onScreen(sighting: Sighting): Attachment {
	return (element) => {
		let isVisible = false;
		const tell = () => {
			if (isVisible && !document.hidden) sighting.appears(performance.now());
			else sighting.disappears();
		};
		const observer = new IntersectionObserver((entries) => {
			isVisible = entries.at(-1)?.isIntersecting ?? false;
			tell();
		});
		observer.observe(element);
		document.addEventListener('visibilitychange', tell);
		return () => {
			observer.disconnect();
			document.removeEventListener('visibilitychange', tell);
		};
	};
}
