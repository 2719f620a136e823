/** The lines of a transcript about the agent's process: of several in a row, those that still matter. */
import { assertNever } from '$lib/protocol/assert-never';
import type { Note } from './note-words';
import type { RunChange, RunItem } from './transcript';

export interface RunNote extends Note {
	readonly key: string;
	/** Milliseconds since 1970. */
	readonly at: number;
}

type Start = Extract<RunChange, { type: 'started' | 'restarted' }>;

/** A start says what the end before it and a stay in the terminal came to. */
export function notesOfRuns(items: readonly RunItem[], agentName: string): RunNote[] {
	const shown: { item: RunItem; over: RunChange[] }[] = [];
	for (const item of items) {
		const over: RunChange[] = [];
		for (let last = shown.at(-1); isStart(item.run) && last && isOverBy(last.item.run); last = shown.at(-1)) {
			over.unshift(...last.over, last.item.run);
			shown.pop();
		}
		shown.push({ item, over });
	}
	return shown.map(({ item, over }) => ({ key: item.key, at: item.at, ...ofRun(item.run, over, agentName) }));
}

function isStart(run: RunChange): run is Start {
	return run.type === 'started' || run.type === 'restarted';
}

/** Whether the next start makes it old news. */
function isOverBy(run: RunChange): boolean {
	if (isStart(run)) return run.payload.interface === 'terminal' || run.payload.mode === 'continue';
	if (run.type === 'interrupted') return false;
	const { exitCode, signal, errorMessage } = run.payload;
	return !exitCode && !errorMessage && (signal === null || signal === 'SIGHUP' || signal === 'SIGTERM');
}

function ofRun(run: RunChange, over: readonly RunChange[], name: string): Note {
	switch (run.type) {
		case 'interrupted':
			return { look: 'interrupted', text: `${name} was interrupted.`, advice: null };
		case 'exited': {
			const { exitCode, signal, errorMessage } = run.payload;
			const how = signal ? `was ended by ${signal}` : exitCode ? `exited with code ${exitCode}` : 'has exited';
			return { look: 'info', text: `${name} ${how}.`, advice: errorMessage };
		}
		case 'started':
		case 'restarted':
			return { look: 'info', text: ofStart(run, over.filter(isStart), name), advice: null };
		default:
			return assertNever(run);
	}
}

function ofStart({ payload }: Start, before: readonly Start[], name: string): string {
	if (payload.interface === 'terminal') return `${name} goes on in its terminal.`;
	if (payload.mode === 'fresh') return `${name} was started fresh. It does not know what stands above.`;
	const elsewhere = before.filter((start) => start.payload.interface === 'terminal');
	if (elsewhere.length === 0) return `${name} was started again and goes on with this conversation.`;
	if (before[0]?.type === 'started') return `${name} began in its terminal. It knows what was said there.`;
	if (elsewhere.some((start) => start.payload.mode === 'fresh')) {
		return `${name} began anew in its terminal and goes on with that. It does not know what stands above.`;
	}
	return `${name} went on in its terminal and is back.`;
}
