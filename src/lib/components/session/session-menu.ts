import Archive from '@lucide/svelte/icons/archive';
import ArchiveRestore from '@lucide/svelte/icons/archive-restore';
import Copy from '@lucide/svelte/icons/copy';
import Pencil from '@lucide/svelte/icons/pencil';
import Trash from '@lucide/svelte/icons/trash-2';
import { openDialog } from '$lib/client/dialogs';
import type { Actions } from '$lib/client/state/actions';
import type { SessionRecord } from '$lib/client/state/picture';
import { copyText } from '$lib/client/terminal/clipboard';
import type { MenuItem } from '$lib/components/ui/menu-item';

/** What can be done with a session as a whole. */
export function sessionMenu({ id, path, archivedAt }: SessionRecord, actions: Actions): MenuItem[] {
	const archive: MenuItem = archivedAt
		? {
				kind: 'action',
				label: 'Restore session',
				icon: ArchiveRestore,
				onSelect: () => void actions.restoreSession(id)
			}
		: { kind: 'action', label: 'Archive session', icon: Archive, onSelect: () => void actions.archiveSession(id) };
	return [
		{
			kind: 'action',
			label: 'Rename session',
			icon: Pencil,
			onSelect: () => openDialog({ kind: 'rename-session', sessionId: id })
		},
		{ kind: 'action', label: 'Copy path', icon: Copy, onSelect: () => void copyText(path) },
		archive,
		{ kind: 'separator' },
		{
			kind: 'action',
			label: 'Delete session',
			icon: Trash,
			danger: true,
			onSelect: () => openDialog({ kind: 'delete-session', sessionId: id })
		}
	];
}
