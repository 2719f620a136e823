import { describe, expect, it } from 'vitest';
import { bannerOf, type BannerFacts } from './banner';

const FACTS: BannerFacts = {
	worker: { name: 'shell', type: 'terminal', state: 'idle', errorMessage: null, exitCode: null, signal: null },
	hasProgram: true,
	canContinue: false,
	hostName: 'granite',
	hostProblem: null,
	status: { kind: 'live', readonly: false },
	caughtUp: null,
	now: 10_000
};

function banner(facts: Partial<Omit<BannerFacts, 'worker'>>, worker: Partial<BannerFacts['worker']> = {}) {
	return bannerOf({ ...FACTS, ...facts, worker: { ...FACTS.worker, ...worker } });
}

describe('the line over a pane', () => {
	it('is absent while all is well', () => {
		expect(banner({})).toBeNull();
	});

	it('counts down to the next attempt and says that nothing typed is lost', () => {
		const lost = banner({ status: { kind: 'lost', since: 0, retryAt: 12_400 } });
		expect(lost?.text).toBe('Connection lost. Trying again in 3 s. What you type is kept.');
		expect(lost?.actions).toEqual(['try_now']);
	});

	it('never counts to zero: an attempt under way says so', () => {
		expect(banner({ status: { kind: 'lost', since: 0, retryAt: 9_000 } })?.text).toContain('in 1 s');
		expect(banner({ status: { kind: 'lost', since: 0, retryAt: null } })?.text).toContain('Trying again now.');
	});

	it('says that nothing was lost only when the cursors prove it', () => {
		expect(banner({ caughtUp: { kind: 'whole', lines: 212 } })?.text).toBe(
			'Reconnected, nothing lost. 212 lines caught up.'
		);
		expect(banner({ caughtUp: { kind: 'refreshed' } })?.text).not.toContain('nothing lost');
		expect(banner({ caughtUp: { kind: 'trimmed' } })?.text).not.toContain('nothing lost');
	});

	it('puts a lost connection before how the worker ended', () => {
		const ended = { state: 'exited', exitCode: 2 } as const;
		expect(banner({ status: { kind: 'lost', since: 0, retryAt: null } }, ended)?.tone).toBe('lost');
		expect(banner({}, ended)?.text).toBe('shell exited with code 2.');
	});

	it('says of an interruption what is known, and not that the machine restarted', () => {
		expect(banner({ hasProgram: false }, { state: 'interrupted' })?.text).toBe(
			'shell was interrupted: its process ended with the runner on granite.'
		);
		const lost = { state: 'interrupted', errorMessage: 'Its log is lost. Restart it.' } as const;
		expect(banner({ hasProgram: false }, lost)?.text).toMatch(/runner on granite\. Its log is lost\. Restart it\.$/);
	});

	it('offers to continue only a conversation that can be continued', () => {
		const interrupted = { name: 'claude', type: 'agent', state: 'interrupted' } as const;
		expect(banner({ hasProgram: false, canContinue: true }, interrupted)?.actions).toEqual(['continue', 'start_fresh']);
		expect(banner({ hasProgram: false }, interrupted)?.actions).toEqual(['start_fresh']);
		expect(banner({ hasProgram: false }, { state: 'interrupted' })?.actions).toEqual(['restart']);
	});

	it('tells why a running worker is stuck, and offers no restart for it', () => {
		const full = banner({}, { state: 'working', errorMessage: 'The disk is full. Output waits until there is room.' });
		expect(full).toMatchObject({ tone: 'error', actions: ['dismiss'], floats: true });
	});
});
