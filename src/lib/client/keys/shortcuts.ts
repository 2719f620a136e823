import { isMac } from './platform';

/** Where a key is pressed: in a terminal, in other text, or elsewhere on the page. */
export type KeyPlace = 'terminal' | 'text' | 'page';

/**
 * Every key of the page by what it does; the list of keys and the handlers read the same table. What reaches terminals works
 * in text as well, and what works there works everywhere else.
 */
export const SHORTCUTS = {
	nextNeedingYou: { keys: ['Ctrl', '.'], label: 'Go to the next one that needs you', reach: 'terminal' },
	previousSession: { keys: ['Ctrl', 'Shift', 'ArrowUp'], label: 'Session before', reach: 'terminal' },
	nextSession: { keys: ['Ctrl', 'Shift', 'ArrowDown'], label: 'Session after', reach: 'terminal' },
	toggleSidebar: { keys: ['Ctrl', 'Shift', 'B'], label: 'Show or hide the sidebar', reach: 'terminal' },
	newSession: { keys: ['C'], label: 'New session', reach: 'page' },
	addProject: { keys: ['P'], label: 'Add a project', reach: 'page' },
	newTerminal: { keys: ['T'], label: 'Open a terminal', reach: 'page' },
	overview: { keys: ['G', 'H'], label: 'Go to the overview', reach: 'page' },
	settings: { keys: ['G', 'T'], label: 'Go to settings', reach: 'page' },
	archive: { keys: ['E'], label: 'Archive this session', reach: 'page' },
	undo: { keys: ['Z'], label: 'Undo', reach: 'page' },
	filter: { keys: ['F'], label: 'Filter', reach: 'page' },
	rename: { keys: ['F2'], label: 'Rename this session', reach: 'page' },
	regions: { keys: ['F6'], label: 'Go round the regions of the page', reach: 'text' },
	allKeys: { keys: ['?'], label: 'All keys', reach: 'page' }
} as const satisfies Record<string, { keys: readonly string[]; label: string; reach: KeyPlace }>;

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
	{ place, prefix }: { place: KeyPlace; prefix: KeyPrefix }
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
	if (main || other || altKey) return null;
	const single = shiftKey ? undefined : SINGLE[key];
	if (single && SHORTCUTS[single].reach === 'text' && place !== 'terminal') return single;
	if (place !== 'page') return null;
	if (key === '?') return 'allKeys';
	if (shiftKey) return null;
	if (prefix === 'g') return key === 'h' ? 'overview' : key === 't' ? 'settings' : null;
	return key === 'g' ? 'prefix' : (single ?? null);
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

export function placeOf(target: EventTarget | null): KeyPlace {
	if (!isTyping(target)) return 'page';
	return target instanceof HTMLElement && target.closest('[role="application"]') ? 'terminal' : 'text';
}

/** Whether a key pressed there is text, or belongs to a terminal. */
export function isTyping(target: EventTarget | null): boolean {
	if (!(target instanceof HTMLElement)) return false;
	if (target.isContentEditable || target.closest('[role="application"], [role="menu"], [role="listbox"]')) return true;
	if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button', 'range'].includes(target.type);
	return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
