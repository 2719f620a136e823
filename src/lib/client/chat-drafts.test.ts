import { describe, expect, it } from 'vitest';
import { DraftTexts, type DraftStorage } from './chat-drafts';

function fakeStorage() {
	const entries = new Map<string, string>();
	const storage: DraftStorage = {
		getItem: (key) => entries.get(key) ?? null,
		setItem: (key, value) => void entries.set(key, value),
		removeItem: (key) => void entries.delete(key),
		key: (index) => [...entries.keys()][index] ?? null,
		get length() {
			return entries.size;
		}
	};
	return { entries, storage };
}

describe('drafts of messages', () => {
	it('are there again after a reload, each with its worker', () => {
		const { storage } = fakeStorage();
		const texts = new DraftTexts(storage);
		texts.write('a', 'half a thought');
		texts.write('b', 'another');

		const reloaded = new DraftTexts(storage);
		expect(reloaded.read('a')).toBe('half a thought');
		expect(reloaded.read('b')).toBe('another');
		expect(reloaded.read('c')).toBe('');
	});

	it('leave nothing behind once they are sent', () => {
		const { storage, entries } = fakeStorage();
		const texts = new DraftTexts(storage);
		texts.write('a', 'sent soon');
		texts.write('a', '');
		expect(entries.size).toBe(0);
	});

	it('do not grow without end: those not touched for the longest time go', () => {
		const { storage, entries } = fakeStorage();
		let now = 0;
		const texts = new DraftTexts(storage, () => (now += 1));
		for (let n = 0; n < 103; n += 1) texts.write(`worker-${n}`, 'kept');
		expect(entries.size).toBe(100);
		expect(texts.read('worker-0')).toBe('');
		expect(texts.read('worker-102')).toBe('kept');
	});

	it('cost nothing else of the page where nothing may be stored, or something unsound is', () => {
		const { storage, entries } = fakeStorage();
		const full = () => {
			throw new Error('full');
		};
		new DraftTexts({ ...storage, setItem: full }).write('a', 'text');
		expect(new DraftTexts(null).read('a')).toBe('');
		entries.set('coppice.chat-draft.a', '{"text": 7');
		expect(new DraftTexts(storage).read('a')).toBe('');
	});
});
