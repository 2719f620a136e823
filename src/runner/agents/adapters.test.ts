import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordings, replayDistorted, replayWire, type Deliver } from '../../../tests/support/replay-wire';
import { createAcpAdapter } from './acp/adapter';
import type { AgentEvent } from './adapter';
import { createCodexAdapter } from './codex/adapter';
import { createLineSplitter } from './json-lines';

const WIRES = [
	{ wire: 'codex', create: createCodexAdapter },
	{ wire: 'acp', create: createAcpAdapter }
];

const seeded = (seed: number) => {
	let state = seed >>> 0;
	return (below: number) => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return Math.floor((state / 2 ** 32) * below);
	};
};

type Random = ReturnType<typeof seeded>;

/** The same value with one part of it replaced by something that does not belong there. */
function mangled(value: unknown, random: Random): unknown {
	const isInner = typeof value === 'object' && value !== null && Object.keys(value).length > 0;
	if (!isInner || random(6) === 0) return [null, 5, -1.5, 'x', '', [], {}, true, [[null]]][random(9)];
	const keys = Object.keys(value as object);
	const key = keys[random(keys.length)]!;
	const copy = structuredClone(value) as Record<string, unknown>;
	copy[key] = mangled(copy[key], random);
	return copy;
}

const countOf = (events: readonly AgentEvent[], type: AgentEvent['type']) =>
	events.filter((event) => event.type === type).length;

const folderOf = (wire: string) => new URL(`../../../tests/fixtures/wires/${wire}/`, import.meta.url);

describe.each(WIRES)('the adapter for "$wire", whatever the agent writes', ({ wire, create }) => {
	const folder = folderOf(wire);
	const names = recordings(folder);
	const turnsIn: Record<string, number> = {};

	const fileOf = (name: string) => new URL(`${name}.jsonl`, folder);
	const replay = async (name: string, deliver?: Deliver) => (await replayWire(create, fileOf(name), deliver)).events;
	const distorted = async (name: string, distort: Deliver) =>
		(await replayDistorted(create, fileOf(name), distort)).events;

	it('ends each turn of a recording once', async () => {
		for (const name of names) turnsIn[name] = countOf(await replay(name), 'turn-ended');
		expect(Object.values(turnsIn).reduce((sum, turns) => sum + turns, 0)).toBeGreaterThan(names.length / 2);
	});

	it('tells the same however the bytes are cut', async () => {
		await fc.assert(
			fc.asyncProperty(fc.constantFrom(...names), fc.integer({ min: 1, max: 64 }), async (name, size) => {
				const events = await replay(name, (line) => {
					const lines: string[] = [];
					const splitter = createLineSplitter({ onLine: (whole) => void lines.push(whole) });
					const bytes = Buffer.from(`${line}\n`);
					for (let at = 0; at < bytes.length; at += size) splitter.push(bytes.subarray(at, at + size));
					return lines;
				});
				expect(events).toEqual(await replay(name));
			}),
			{ numRuns: 10 }
		);
	});

	it('does not throw at lines that are lost, cut, doubled or mangled, and ends no turn twice', async () => {
		await fc.assert(
			fc.asyncProperty(fc.constantFrom(...names), fc.integer(), async (name, seed) => {
				const random = seeded(seed);
				const events = await distorted(name, (line) => {
					switch (random(8)) {
						case 0:
							return [];
						case 1:
							return [line.slice(0, random(line.length))];
						case 2:
							return [line, line];
						case 3:
						case 4:
							return [JSON.stringify(mangled(JSON.parse(line), random))];
						case 5:
							return ['warning: something on the wrong stream', line];
						default:
							return [line];
					}
				});
				const turns = turnsIn[name] ?? 0;
				expect(countOf(events, 'turn-ended')).toBeLessThanOrEqual(turns);
			}),
			{ numRuns: 150 }
		);
	});

	it('ends each turn once though every line comes twice', async () => {
		for (const name of names) {
			const events = await distorted(name, (line) => [line, line]);
			expect([name, countOf(events, 'turn-ended')]).toEqual([name, turnsIn[name]]);
		}
	});
});
