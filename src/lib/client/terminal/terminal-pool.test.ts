import { describe, expect, it } from 'vitest';
import { TerminalPool } from './terminal-pool';

function pool() {
	const events: string[] = [];
	const terminals = new TerminalPool(({ id }: { id: string }) => {
		events.push(`open ${id}`);
		return { dispose: () => events.push(`close ${id}`) };
	});
	return { events, show: (id: string) => terminals.show({ id }), terminals };
}

describe('terminals kept after another one was chosen', () => {
	it('come back as they were', () => {
		const { events, show } = pool();
		const first = show('a');
		show('b');
		expect(show('a')).toBe(first);
		expect(events).toEqual(['open a', 'open b']);
	});

	it('are let go when they were not seen for longest', () => {
		const { events, show } = pool();
		for (const id of ['a', 'b', 'c', 'a', 'd']) show(id);
		expect(events).toEqual(['open a', 'open b', 'open c', 'open d', 'close b']);
	});

	it('are all let go with the page', () => {
		const { events, show, terminals } = pool();
		show('a');
		show('b');
		terminals.dispose();
		expect(events.slice(2)).toEqual(['close a', 'close b']);
	});
});
