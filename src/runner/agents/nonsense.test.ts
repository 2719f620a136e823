import { describe, expect, it } from 'vitest';
import { createNonsense } from './nonsense';

describe('what nobody understands', () => {
	it('is told once in a turn, and costs none of the lines that follow it', () => {
		const told: string[] = [];
		const read: string[] = [];
		const nonsense = createNonsense((event) => {
			if (event.type === 'notice') told.push(event.notice.text);
		});
		const receive = nonsense.guard((line) => {
			if (line.startsWith('bad')) throw new RangeError('Too deep');
			read.push(line);
		});
		for (const line of ['one', 'bad', 'two', 'bad again', 'three']) receive(line);
		expect(read).toEqual(['one', 'two', 'three']);
		expect(told).toEqual(['The agent wrote what is not part of its protocol: bad']);
		nonsense.forget();
		receive(`bad ${'x'.repeat(1000)}`);
		expect(told[1]!.length).toBeLessThan(300);
	});
});
