import { describe, expect, it } from 'vitest';
import { defaultWorkerName } from './worker-name';

const none = new Set<string>();

describe('the name of a worker that nobody named', () => {
	it('is that of its agent, its command, or what it is', () => {
		expect(defaultWorkerName({ type: 'agent', agentId: 'claude' }, 'Claude Code', none)).toBe('Claude Code');
		expect(defaultWorkerName({ type: 'terminal', command: 'npm run dev' }, null, none)).toBe('npm run dev');
		expect(defaultWorkerName({ type: 'terminal' }, null, none)).toBe('Terminal');
		expect(defaultWorkerName({ type: 'terminal', command: ' \n' }, null, none)).toBe('Terminal');
	});

	it('has a number when it is taken', () => {
		const taken = new Set(['Terminal', 'Terminal 2']);
		expect(defaultWorkerName({ type: 'terminal' }, null, taken)).toBe('Terminal 3');
	});

	it('is one short line, whatever the command', () => {
		const name = defaultWorkerName(
			{ type: 'terminal', command: `for x in 1\ndo\techo ${'😀'.repeat(99)}` },
			null,
			none
		);
		expect(name).toMatch(/^for x in 1 do echo (😀)+…$/u);
		expect([...name]).toHaveLength(40);
	});
});
