import { describe, expect, it, vi } from 'vitest';
import { RecentCommands } from './recent-commands';

describe('RecentCommands', () => {
	it('runs a command once and gives every repeat the same answer, a failure too', async () => {
		const commands = new RecentCommands();
		const run = vi.fn(async () => ({ pid: 1 }));
		const answers = await Promise.all([commands.once('a', run), commands.once('a', run)]);
		expect(answers[0]).toBe(answers[1]);
		expect(run).toHaveBeenCalledOnce();
		const fail = vi.fn(() => Promise.reject(new Error('no')));
		await expect(commands.once('b', fail)).rejects.toThrow('no');
		await expect(commands.once('b', fail)).rejects.toThrow('no');
		expect(fail).toHaveBeenCalledOnce();
	});

	it('forgets the oldest beyond a thousand', async () => {
		const commands = new RecentCommands();
		const run = vi.fn(async () => null);
		for (let id = 0; id <= 1000; id++) await commands.once(String(id), run);
		await commands.once('1000', run);
		expect(run).toHaveBeenCalledTimes(1001);
		await commands.once('0', run);
		expect(run).toHaveBeenCalledTimes(1002);
	});
});
