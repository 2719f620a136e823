/**
 * Moves focus in a tree of `[role=treeitem]` rows by the arrow keys, folds its projects, and opens the focused row.
 * @returns whether the key was one of the tree's
 */
export function moveInTree(
	tree: HTMLElement,
	{ key, target, ctrlKey, altKey, metaKey, shiftKey }: KeyboardEvent,
	fold: (projectId: string, folded: boolean) => void
): boolean {
	const row = (target as HTMLElement).closest<HTMLElement>('[role="treeitem"]');
	if (!row || target !== row || ctrlKey || altKey || metaKey || shiftKey) return false;
	const rows = [...tree.querySelectorAll<HTMLElement>('[role="treeitem"]')];
	const at = rows.indexOf(row);
	const isOpen = row.getAttribute('aria-expanded');
	switch (key) {
		case 'ArrowDown':
		case 'j':
			return focus(rows[at + 1]);
		case 'ArrowUp':
		case 'k':
			return focus(rows[at - 1]);
		case 'Home':
			return focus(rows[0]);
		case 'End':
			return focus(rows.at(-1));
		case 'ArrowRight':
			if (isOpen === 'false') fold(row.dataset.row ?? '', false);
			else if (isOpen === 'true') focus(rows[at + 1]);
			return true;
		case 'ArrowLeft':
			if (isOpen === 'true') fold(row.dataset.row ?? '', true);
			else focus(row.parentElement?.closest<HTMLElement>('[role="treeitem"]') ?? undefined);
			return true;
		case 'Enter':
		case ' ':
			row.querySelector<HTMLElement>('[data-open]')?.click();
			return true;
		default:
			return false;
	}
}

function focus(row: HTMLElement | undefined): boolean {
	row?.focus();
	return true;
}
