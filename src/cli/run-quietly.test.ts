import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { runQuietly } from './run-quietly.js';

const node = (script: string) => runQuietly(process.execPath, ['--eval', script], tmpdir());

describe('a program that is run quietly', () => {
	it('has nothing to say when it succeeds, whatever it warned of', () => {
		expect(node('console.log("built"); console.error("warning: deprecated")')).toBeNull();
	});

	it('has everything to say when it fails, in order', () => {
		const script = 'console.log("one"); console.error("two"); console.log("three"); process.exitCode = 3';
		expect(node(script)).toBe('one\ntwo\nthree\n');
		expect(node('process.stdout.write("x".repeat(3_000_000)); process.exitCode = 1')).toHaveLength(3_000_000);
	});

	it('says so when there is no such program', () => {
		expect(runQuietly('coppice-no-such-program', [], tmpdir())).toContain('ENOENT');
	});
});
