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
	| { kind: 'separator' };
