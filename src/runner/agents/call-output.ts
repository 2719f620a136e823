/** What a tool has written, as far as it is kept: a build may write more than anybody reads. */
import { boundedOutput, MAX_OUTPUT } from '$lib/agents/bounded-output';
import type { ToolUpdate } from '$lib/protocol/chat';

export interface CallOutput {
	/** More of it came. @returns what of it is to be told; empty when nothing is */
	more(text: string): string;
	/** It is this as a whole. @returns what is to be told beyond what was, or in its place */
	whole(text: string): Pick<ToolUpdate, 'output' | 'wholeOutput'>;
}

export function createCallOutput(): CallOutput {
	let told = '';

	return {
		more(text) {
			if (told.length > MAX_OUTPUT) return '';
			const before = told.length;
			told = boundedOutput(told + text);
			return told.slice(before);
		},
		whole(text) {
			const output = boundedOutput(text);
			if (output === '' || output === told) return {};
			const before = told;
			told = output;
			return output.startsWith(before) ? { output: output.slice(before.length) } : { output, wholeOutput: true };
		}
	};
}
