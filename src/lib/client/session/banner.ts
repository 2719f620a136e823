/** Which one line stands over a worker's pane, and what can be done about it. The most severe wins. */
import { assertNever } from '$lib/protocol/assert-never';
import type { Worker } from '$lib/protocol/worker';
import { interruptionSentence } from '../interruptions';
import type { CaughtUp, ConnectionStatus } from '../connection/connection-status';

export type BannerAction = 'try_now' | 'sign_in' | 'continue' | 'start_fresh' | 'restart' | 'dismiss';

export interface BannerContent {
	tone: 'lost' | 'live' | 'error' | 'interrupted' | 'info';
	text: string;
	/** The first is what most readers want next. */
	actions: BannerAction[];
	/** Lies over the terminal for a moment, rather than taking room from a program that is gone. */
	floats: boolean;
	urgent: boolean;
}

export interface BannerFacts {
	worker: Pick<Worker, 'name' | 'type' | 'state' | 'errorMessage' | 'exitCode' | 'signal'>;
	/** Whether its process is there. */
	hasProgram: boolean;
	/** Whether its conversation can be taken up again. */
	canContinue: boolean;
	hostName: string;
	/** Why the runner is away, as far as the server says; null while it answers. */
	hostProblem: string | null;
	status: ConnectionStatus;
	caughtUp: CaughtUp | null;
	/** Milliseconds since 1970. */
	now: number;
}

export function bannerOf(facts: BannerFacts): BannerContent | null {
	return ofConnection(facts) ?? ofWorker(facts) ?? ofReturn(facts.caughtUp) ?? ofReading(facts.status);
}

function ofConnection({ status, hostName, hostProblem, now }: BannerFacts): BannerContent | null {
	const floating = { floats: true, urgent: true };
	switch (status.kind) {
		case 'signed_out':
			return { ...floating, tone: 'error', text: 'You are signed out. Workers go on.', actions: ['sign_in'] };
		case 'refused':
			return { ...floating, tone: 'error', text: `The server refused the connection. ${status.reason}`, actions: [] };
		case 'runner_away': {
			const text = `The runner on ${hostName} does not answer. ${hostProblem ?? 'Its workers may still be running.'}`;
			return { ...floating, tone: 'error', text, actions: ['try_now'] };
		}
		case 'lost': {
			const text = `Connection lost. ${tryingAgain(status.retryAt, now)} What you type is kept.`;
			return { ...floating, tone: 'lost', text, actions: ['try_now'] };
		}
		case 'connecting':
		case 'live':
		case 'gone':
		case 'closed':
			return null;
		default:
			return assertNever(status);
	}
}

function tryingAgain(retryAt: number | null, now: number): string {
	if (retryAt === null) return 'Trying again now.';
	return `Trying again in ${Math.max(1, Math.ceil((retryAt - now) / 1000))} s.`;
}

function ofWorker({ worker, hasProgram, canContinue, hostName }: BannerFacts): BannerContent | null {
	const again: BannerAction[] =
		worker.type === 'terminal' ? ['restart'] : canContinue ? ['continue', 'start_fresh'] : ['start_fresh'];
	switch (worker.state) {
		case 'error': {
			const reason = worker.errorMessage ?? 'It stopped with an error.';
			if (hasProgram) return { tone: 'error', text: reason, actions: ['dismiss'], floats: true, urgent: false };
			return { tone: 'error', text: reason, actions: again, floats: false, urgent: false };
		}
		case 'interrupted': {
			const text = interruptionSentence(worker.name, hostName, worker.errorMessage);
			return { tone: 'interrupted', text, actions: again, floats: false, urgent: false };
		}
		case 'exited':
			return {
				tone: 'info',
				text: `${worker.name} ${howItEnded(worker)}.`,
				actions: again,
				floats: false,
				urgent: false
			};
		case 'starting':
		case 'working':
		case 'needs_input':
		case 'idle':
			if (!worker.errorMessage) return null;
			return { tone: 'error', text: worker.errorMessage, actions: ['dismiss'], floats: true, urgent: false };
		default:
			return assertNever(worker.state);
	}
}

export function howItEnded({ exitCode, signal }: Pick<Worker, 'exitCode' | 'signal'>): string {
	if (signal) return `was ended by ${signal}`;
	return exitCode ? `exited with code ${exitCode}` : 'has exited';
}

function ofReturn(caughtUp: CaughtUp | null): BannerContent | null {
	if (!caughtUp) return null;
	const brief = { tone: 'live' as const, actions: [], floats: true, urgent: false };
	switch (caughtUp.kind) {
		case 'whole':
			return { ...brief, text: `Reconnected, nothing lost.${linesCaughtUp(caughtUp.lines)}` };
		case 'trimmed':
			return { ...brief, text: 'Reconnected. Older output was trimmed by your storage limit.' };
		case 'refreshed':
			return { ...brief, text: 'Reconnected. The screen is current; what scrolled by meanwhile is in the log.' };
		default:
			return assertNever(caughtUp);
	}
}

function linesCaughtUp(lines: number): string {
	if (lines === 0) return '';
	return lines === 1 ? ' 1 line caught up.' : ` ${lines.toLocaleString('en')} lines caught up.`;
}

function ofReading(status: ConnectionStatus): BannerContent | null {
	if (status.kind !== 'live' || !status.readonly) return null;
	return { tone: 'info', text: 'You can read here, and not type.', actions: [], floats: true, urgent: false };
}
