import { tmpdir } from 'node:os';
import { describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../../../tests/support/until';
import { startAgentProcess, type AgentExit } from './agent-process';

function start(script: string) {
	const lines: string[] = [];
	const seen = { tooLong: 0, exit: null as AgentExit | null };
	const agent = startAgentProcess({
		argv: [process.execPath, '-e', script],
		env: { PATH: process.env.PATH ?? '' },
		cwd: tmpdir(),
		onLine: (line) => void lines.push(line),
		onTooLong: () => void seen.tooLong++,
		onExit: (exit) => void (seen.exit = exit)
	});
	onTestFinished(() => {
		if (!seen.exit) process.kill(agent.pid, 'SIGKILL');
	});
	return { lines, seen };
}

describe('an agent’s process', () => {
	it('may write a line of any length: it is thrown away and told, and the memory it takes is bounded', async () => {
		const before = process.memoryUsage().rss;
		let most = 0;
		const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 5);
		onTestFinished(() => clearInterval(timer));
		const { lines, seen } = start(`
			const part = Buffer.alloc(1024 * 1024, 120);
			let left = 200;
			(function more() {
				if (left-- > 0) process.stdout.write(part, more);
				else process.stdout.write('\\nnext\\n');
			})();
		`);
		await until('its end is told', () => seen.exit);
		expect([lines, seen.tooLong]).toEqual([['next'], 1]);
		expect(most - before).toBeLessThan(150 * 1024 * 1024);
	});
});
