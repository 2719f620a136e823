import { shortcutOf } from '../keys/shortcuts';
import { tabNumber } from '../session/tab-keys';

/** What a key pressed in a terminal is for. */
export type KeyUse =
	/** Goes to the program, as everything that is not taken here does. */
	| 'program'
	| 'copy'
	/** The browser pastes by itself, which needs no permission. */
	| 'paste'
	| 'find'
	| 'leave'
	/** Belongs to the page around the terminal. */
	| 'page';

type Key = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey'>;

/** Sorts keys by their place on the keyboard, so that a layout where they print something else changes nothing. */
export function useOf(event: Key, { isMac, hasSelection }: { isMac: boolean; hasSelection: boolean }): KeyUse {
	const { code, ctrlKey, shiftKey, altKey, metaKey } = event;
	if (shortcutOf(event, { place: 'terminal', prefix: null }) || tabNumber(event, isMac) !== null) return 'page';
	if (altKey) return 'program';
	const isControl = ctrlKey && !metaKey;
	if (isControl && shiftKey && code === 'Space') return 'leave';
	const isCommand = isMac && metaKey && !ctrlKey;
	if (isCommand || (isControl && shiftKey && !isMac)) return EDITING[code] ?? 'program';
	if (isControl && !shiftKey && !isMac && code === 'KeyC' && hasSelection) return 'copy';
	return shiftKey && !ctrlKey && !metaKey && code === 'Insert' ? 'paste' : 'program';
}

const EDITING: Record<string, KeyUse> = { KeyC: 'copy', KeyV: 'paste', KeyF: 'find' };
