import type { FileDiff } from '$lib/protocol/chat';
import { diffOfPatch, diffTexts } from './diff';
import { shownPath } from './shown-path';

/**
 * What Codex changed in a file.
 * @param path where the file is afterwards
 * @param text unified hunks of an update; the text of a file that is added or deleted
 */
export function diffOfChange(path: string, type: string, text: string, cwd: string): FileDiff {
	const shown = shownPath(path, cwd);
	if (type === 'add') return diffTexts(shown, null, text);
	if (type === 'delete') return diffTexts(shown, text, null);
	return diffOfPatch(shown, text);
}
