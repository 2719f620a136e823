import type { Component } from 'svelte';

export type MenuItem =
	| {
			kind: 'action';
			label: string;
			icon?: Component;
			keys?: readonly string[];
			danger?: boolean;
			disabled?: boolean;
			/** A second line or a reason, shown after the label. */
			detail?: string;
			onSelect: () => void;
	  }
	/** One of several, of which one holds. */
	| {
			kind: 'choice';
			label: string;
			icon?: Component;
			chosen: boolean;
			danger?: boolean;
			detail?: string;
			onSelect: () => void;
	  }
	| { kind: 'separator' };
