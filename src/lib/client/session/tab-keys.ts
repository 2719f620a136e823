/** The tab that Alt and a digit choose (Cmd on a Mac), counted from 0; null for any other key. */
export function tabNumber(
	{
		code,
		altKey,
		ctrlKey,
		metaKey,
		shiftKey
	}: Pick<KeyboardEvent, 'code' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey'>,
	isMac: boolean
): number | null {
	const digit = /^Digit([1-9])$/.exec(code)?.[1];
	const main = isMac ? metaKey && !altKey : altKey && !metaKey;
	return digit && main && !ctrlKey && !shiftKey ? Number(digit) - 1 : null;
}
