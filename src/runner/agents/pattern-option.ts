import { Pattern, type RequestOption } from '$lib/protocol/chat';

/** A pattern that may be changed, unless it is not even one itself as a person could write it: of several lines, or too long. */
export function editable(pattern: string): Pick<RequestOption, 'pattern' | 'patternEditable'> {
	return { pattern, ...(Pattern.safeParse(pattern).data === pattern && { patternEditable: true }) };
}
