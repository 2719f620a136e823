import { createContext } from 'svelte';
import { createSubscriber } from 'svelte/reactivity';

/** The time, for everything that shows an age: one timer for all of them, and none while nobody looks. */
export class Clock {
	#now = Date.now();
	#subscribe = createSubscriber((update) => {
		const tick = () => {
			this.#now = Date.now();
			update();
		};
		const timer = setInterval(() => document.hidden || tick(), 1000);
		document.addEventListener('visibilitychange', tick);
		return () => {
			clearInterval(timer);
			document.removeEventListener('visibilitychange', tick);
		};
	});

	/** Milliseconds since 1970; ticks every second where it is read. */
	get now(): number {
		this.#subscribe();
		return this.#now;
	}
}

export const [getClock, setClock] = createContext<Clock>();
