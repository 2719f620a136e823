/** What an agent writes and nobody understands: worth a line, but not one for each. */
import type { AgentEvent } from './adapter';

/** Characters of it that are shown. */
const MAX_SHOWN = 200;

export interface Nonsense {
	/** Tells of a line, unless one was told of before in this turn. */
	tell(line: string): void;
	/** Takes a line that can't be read for nonsense: it must not cost those that follow it. */
	guard(receive: (line: string) => void): (line: string) => void;
	/** A turn begins. */
	forget(): void;
}

export function createNonsense(emit: (event: AgentEvent) => void): Nonsense {
	let isTold = false;

	function tell(line: string): void {
		if (isTold) return;
		isTold = true;
		const words = line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN)}…` : line;
		const text = `The agent wrote what is not part of its protocol: ${words}`;
		emit({ type: 'notice', notice: { kind: 'warning', text } });
	}

	return {
		tell,
		guard: (receive) => (line) => {
			try {
				receive(line);
			} catch {
				tell(line);
			}
		},
		forget: () => void (isTold = false)
	};
}
