import type { CreateWorker } from '$lib/protocol/worker';

const MAX_LENGTH = 120;

/** What a worker is called when nobody named it: its agent, its command or its kind, with a number when that is taken. */
export function defaultWorkerName(request: CreateWorker, agentName: string | null, taken: ReadonlySet<string>): string {
	const name = baseName(request, agentName);
	for (let number = 2; taken.has(name.value); number++) name.value = `${name.stem} ${number}`;
	return name.value;
}

function baseName(request: CreateWorker, agentName: string | null): { stem: string; value: string } {
	const wish = request.type === 'agent' ? agentName : request.command;
	// eslint-disable-next-line no-control-regex -- a command may have several lines; a name has one
	const line = (wish ?? '').replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();
	const stem = shorten(line, 40) || (request.type === 'agent' ? 'Agent' : 'Terminal');
	return { stem, value: stem };
}

function shorten(text: string, most: number): string {
	const characters = [...text];
	const short =
		characters.length > most
			? `${characters
					.slice(0, most - 1)
					.join('')
					.trimEnd()}…`
			: text;
	return short.slice(0, MAX_LENGTH);
}
