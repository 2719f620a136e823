/** Whether Cmd takes the place of Ctrl. */
export function isMac(): boolean {
	return typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);
}

const MAC: Record<string, string> = { Ctrl: '⌘', Shift: '⇧', Alt: '⌥' };
const EVERYWHERE: Record<string, string> = {
	Enter: '↵',
	ArrowUp: '↑',
	ArrowDown: '↓',
	ArrowLeft: '←',
	ArrowRight: '→',
	Backslash: '\\'
};

/** A key as it is printed on the reader's keyboard. */
export function keyLabel(key: string): string {
	return (isMac() ? MAC[key] : undefined) ?? EVERYWHERE[key] ?? key;
}
