import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRunnerLog } from './runner-log';

let folder: string;

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'coppice-diary-'))));
afterEach(() => rmSync(folder, { recursive: true }));

describe('the runner’s own log', () => {
	it('has one line an entry, for nobody else to read', () => {
		const path = join(folder, 'runner.log');
		const log = openRunnerLog(path);
		log.info('one\ntwo');
		log.error('it broke', new Error('because'));
		const lines = readFileSync(path, 'utf8').trim().split('\n');
		expect(lines).toHaveLength(2);
		expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\dT\S+Z \d+ info one ⏎ two$/);
		expect(lines[1]).toContain('error it broke: Error: because');
		expect(statSync(path).mode & 0o777).toBe(0o600);
	});

	it('keeps the last two files of a bounded size', () => {
		const path = join(folder, 'runner.log');
		const log = openRunnerLog(path);
		for (let line = 0; line < 3000; line++) log.info('x'.repeat(5000));
		const bound = 1024 * 1024 + 4096;
		expect(statSync(path).size).toBeLessThan(bound);
		expect(statSync(`${path}.1`).size).toBeLessThan(bound);
		expect(existsSync(`${path}.2`)).toBe(false);
	});

	it('lets go of what can’t be written', () => {
		expect(() => openRunnerLog(join(folder, 'no/such/runner.log')).info('x')).not.toThrow();
	});
});
