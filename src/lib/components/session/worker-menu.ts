import ArrowLeft from '@lucide/svelte/icons/arrow-left';
import ArrowRight from '@lucide/svelte/icons/arrow-right';
import Ear from '@lucide/svelte/icons/ear';
import Pencil from '@lucide/svelte/icons/pencil';
import Play from '@lucide/svelte/icons/play';
import RotateCw from '@lucide/svelte/icons/rotate-cw';
import Scan from '@lucide/svelte/icons/scan';
import Search from '@lucide/svelte/icons/search';
import TextSelect from '@lucide/svelte/icons/text-select';
import X from '@lucide/svelte/icons/x';
import type { MenuItem } from '$lib/components/ui/menu-item';
import type { Worker } from '$lib/protocol/worker';

export interface WorkerMenuActions {
	rename(): void;
	move(by: -1 | 1): void;
	restart(mode: 'fresh' | 'continue'): void;
	find(): void;
	readScreen(): void;
	/** null while the terminal has the size of its place. */
	fit: (() => void) | null;
	toggleScreenReader(): void;
	close(): void;
}

/** What can be done with the worker in sight. */
export function workerMenu(
	worker: Worker,
	{ canContinue, isChat, screenReader }: { canContinue: boolean; isChat: boolean; screenReader: boolean },
	actions: WorkerMenuActions
): MenuItem[] {
	const restarts: MenuItem[] =
		worker.type === 'terminal'
			? [{ kind: 'action', label: 'Restart', icon: RotateCw, onSelect: () => actions.restart('fresh') }]
			: [
					...(canContinue
						? [
								{
									kind: 'action',
									label: 'Restart, continue',
									icon: Play,
									onSelect: () => actions.restart('continue')
								} as const
							]
						: []),
					{ kind: 'action', label: 'Restart, start fresh', icon: RotateCw, onSelect: () => actions.restart('fresh') }
				];
	const ofScreen: MenuItem[] = [
		{ kind: 'action', label: 'Find', icon: Search, keys: ['Ctrl', 'Shift', 'F'], onSelect: actions.find },
		{ kind: 'action', label: 'Read screen', icon: TextSelect, onSelect: actions.readScreen },
		{
			kind: 'action',
			label: screenReader ? 'Turn off screen reader mode' : 'Screen reader mode',
			icon: Ear,
			onSelect: actions.toggleScreenReader
		},
		...(actions.fit
			? [{ kind: 'action', label: 'Fit to this window', icon: Scan, onSelect: actions.fit } satisfies MenuItem]
			: []),
		{ kind: 'separator' }
	];
	return [
		...(isChat ? [] : ofScreen),
		{ kind: 'action', label: 'Rename tab', icon: Pencil, keys: ['F2'], onSelect: actions.rename },
		{ kind: 'action', label: 'Move left', icon: ArrowLeft, keys: ['Shift', '←'], onSelect: () => actions.move(-1) },
		{ kind: 'action', label: 'Move right', icon: ArrowRight, keys: ['Shift', '→'], onSelect: () => actions.move(1) },
		...restarts,
		{ kind: 'separator' },
		{ kind: 'action', label: `Close ${worker.name}`, icon: X, danger: true, onSelect: actions.close }
	];
}
