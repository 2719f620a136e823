import Bell from '@lucide/svelte/icons/bell';
import Bot from '@lucide/svelte/icons/bot';
import Contrast from '@lucide/svelte/icons/contrast';
import Info from '@lucide/svelte/icons/info';
import Keyboard from '@lucide/svelte/icons/keyboard';

/** The pages of the settings, in order. */
export const SECTIONS = {
	agents: { title: 'Agents', icon: Bot },
	appearance: { title: 'Appearance', icon: Contrast },
	notifications: { title: 'Notifications', icon: Bell },
	keyboard: { title: 'Keyboard', icon: Keyboard },
	about: { title: 'About', icon: Info }
} as const;

export type Section = keyof typeof SECTIONS;

export function isSection(name: string): name is Section {
	return Object.hasOwn(SECTIONS, name);
}
