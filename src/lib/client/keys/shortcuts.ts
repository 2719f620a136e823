import { isMac } from './platform';

/** Every key of the page by what it does; the list of keys and the handlers read the same table. */
export const SHORTCUTS = {
	nextNeedingYou: { keys: ['Ctrl', '.'], label: 'Go to the next one that needs you', anywhere: true },
	previousSession: { keys: ['Ctrl', 'Shift', 'ArrowUp'], label: 'Session before', anywhere: true },
	nextSession: { keys: ['Ctrl', 'Shift', 'ArrowDown'], label: 'Session after', anywhere: true },
	toggleSidebar: { keys: ['Ctrl', 'Shift', 'B'], label: 'Show or hide the sidebar', anywhere: true },
	newSession: { keys: ['C'], label: 'New session', anywhere: false },
	addProject: { keys: ['P'], label: 'Add a project', anywhere: false },
	newTerminal: { keys: ['T'], label: 'Open a terminal', anywhere: false },
	overview: { keys: ['G', 'H'], label: 'Go to the overview', anywhere: false },
	settings: { keys: ['G', 'T'], label: 'Go to settings', anywhere: false },
	archive: { keys: ['E'], label: 'Archive this session', anywhere: false },
	undo: { keys: ['Z'], label: 'Undo', anywhere: false },
	filter: { keys: ['F'], label: 'Filter', anywhere: false },
	rename: { keys: ['F2'], label: 'Rename this session', anywhere: false },
	regions: { keys: ['F6'], label: 'Go round the regions of the page', anywhere: false },
	allKeys: { keys: ['?'], label: 'All keys', anywhere: false }
} as const satisfies Record<string, { keys: readonly string[]; label: string; anywhere: boolean }>;

export type ShortcutName = keyof typeof SHORTCUTS;

/** Keys that belong to one place, listed for readers but handled where they work. */
export const PLACE_KEYS: readonly { place: string; keys: readonly string[]; label: string }[] = [
	{ place: 'In a session', keys: ['Alt', '1'], label: 'Tab 1, and so on to 9' },
	{ place: 'In a terminal', keys: ['Ctrl', 'Shift', 'C'], label: 'Copy' },
	{ place: 'In a terminal', keys: ['Ctrl', 'Shift', 'V'], label: 'Paste' },
	{ place: 'In a terminal', keys: ['Ctrl', 'Shift', 'F'], label: 'Find' },
	{ place: 'In a terminal', keys: ['Ctrl', 'Shift', 'Space'], label: 'Leave the terminal' },
	{ place: 'On what an agent asks', keys: ['Y'], label: 'Allow once' },
	{ place: 'On what an agent asks', keys: ['A'], label: 'Allow always' },
	{ place: 'On what an agent asks', keys: ['E'], label: 'Change what is always allowed' },
	{ place: 'On what an agent asks', keys: ['N'], label: 'Deny, or answer nothing' },
	{ place: 'On what an agent asks', keys: ['1'], label: 'Answer 1, and so on to 9' },
	{ place: 'In the list of what needs you', keys: ['J'], label: 'Next' },
	{ place: 'In the list of what needs you', keys: ['K'], label: 'Previous' },
	{ place: 'In the list of what needs you', keys: ['Enter'], label: 'Open' },
	{ place: 'In the list of what needs you', keys: ['R'], label: 'Continue' }
];

type Key = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey'>;

/** Waiting for the second key of a pair such as G H. */
export type KeyPrefix = 'g' | null;

/** What a key press means on a page, or the first half of a pair. Letters count only outside text and terminals. */
export function shortcutOf(
	event: Key,
	{ typing, prefix }: { typing: boolean; prefix: KeyPrefix }
): ShortcutName | 'prefix' | null {
	const { key, code, shiftKey, altKey } = event;
	const main = isMac() ? event.metaKey : event.ctrlKey;
	const other = isMac() ? event.ctrlKey : event.metaKey;
	if (main && !other && !altKey) {
		if (!shiftKey) return code === 'Period' ? 'nextNeedingYou' : null;
		if (code === 'ArrowUp') return 'previousSession';
		if (code === 'ArrowDown') return 'nextSession';
		return code === 'KeyB' ? 'toggleSidebar' : null;
	}
	if (main || other || altKey || typing) return null;
	if (key === '?') return 'allKeys';
	if (shiftKey) return null;
	if (prefix === 'g') return key === 'h' ? 'overview' : key === 't' ? 'settings' : null;
	return key === 'g' ? 'prefix' : (SINGLE[key] ?? null);
}

const SINGLE: Record<string, ShortcutName> = {
	c: 'newSession',
	p: 'addProject',
	t: 'newTerminal',
	e: 'archive',
	z: 'undo',
	f: 'filter',
	F2: 'rename',
	F6: 'regions'
};

/** Whether a key pressed there is text, or belongs to a terminal. */
export function isTyping(target: EventTarget | null): boolean {
	if (!(target instanceof HTMLElement)) return false;
	if (target.isContentEditable || target.closest('[role="application"], [role="menu"], [role="listbox"]')) return true;
	if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button', 'range'].includes(target.type);
	return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
