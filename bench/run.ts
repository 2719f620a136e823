import { attach } from './measures/attach';
import { echo, echoBesideFlood } from './measures/echo';
import { memory } from './measures/memory';
import { throughput } from './measures/throughput';
import { median } from './measure';

const MEASURES = [echo, echoBesideFlood, throughput, attach, memory];
const ROUNDS = 3;

/** Takes turns, so that a change of the machine's mood touches all; prints medians and how they compare. */
export async function run(): Promise<void> {
	const rows = [['measure', 'contender', 'figure', 'beside the first']];
	for (const { name, unit, contenders, run: measure } of MEASURES) {
		const figures = new Map<string, number[]>();
		for (let round = 0; round < ROUNDS; round++) {
			for (const contender of contenders) {
				for (const [figure, value] of Object.entries(await measure(contender))) {
					const key = `${figure}\t${contender.name}`;
					figures.set(key, [...(figures.get(key) ?? []), value]);
				}
			}
		}
		for (const [key, values] of figures) {
			const [figure, contender] = key.split('\t') as [string, string];
			const reference = median(figures.get(`${figure}\t${contenders[0]!.name}`)!);
			const value = median(values);
			rows.push([`${name}, ${figure}`, contender, `${round3(value)} ${unit}`, `${round3(value / reference)} ×`]);
		}
		console.error(`${name}: done`);
	}
	console.log(
		rows
			.map((row) => `| ${row.join(' | ')} |`)
			.toSpliced(1, 0, '| --- | --- | ---: | ---: |')
			.join('\n')
	);
}

/** Three digits that matter. */
function round3(value: number): string {
	return String(Number(value.toPrecision(3)));
}
