import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AgentFault } from '../adapter';
import { createClaudeAdapter } from './adapter';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const deaf = () =>
	createClaudeAdapter({
		write: () => undefined,
		emit: () => undefined,
		cwd: '/',
		conversation: { mode: 'fresh', agentSessionId: null },
		model: null,
		permissionMode: 'default'
	});

describe('an agent that answers nothing', () => {
	it.each([
		['its greeting', 60, () => deaf().start()],
		['the choice of a model', 30, () => deaf().setModel('large')],
		['the choice of a mode', 30, () => deaf().setPermissionMode('plan')]
	])('is given up on after %s has waited %d seconds', async (_what, seconds, ask) => {
		const given = vi.fn();
		ask().catch(given);
		await vi.advanceTimersByTimeAsync(seconds * 1000 - 1);
		expect(given).not.toHaveBeenCalled();
		await vi.advanceTimersByTimeAsync(1);
		expect(given).toHaveBeenCalledWith(expect.any(AgentFault));
	});
});
