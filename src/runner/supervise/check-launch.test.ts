import { describe, expect, it } from 'vitest';
import type { LaunchSpec } from '$lib/protocol/runner-link';
import { checkLaunch, failedStart } from './check-launch';

function spec(argv: string[], cwd = '/'): LaunchSpec {
	return {
		...{ workerId: '0', argv, cwd, env: {}, cols: 80, rows: 24, mode: 'fresh', stateFrom: 'process' },
		...{ conversationId: { kind: 'unknown' }, agentSessionId: null }
	};
}

const env = { PATH: '/usr/bin:/bin' };

describe('checkLaunch', () => {
	it('names the program by its path and leaves the arguments as they are', () => {
		const checked = checkLaunch(spec(['sh', '-c', 'echo "$0"; -x']), env);
		expect(checked).toEqual({ ok: true, argv: [expect.stringMatching(/\/sh$/), '-c', 'echo "$0"; -x'] });
	});

	it.each([
		['a directory that is gone', spec(['sh'], '/no/such'), /does not exist any more/],
		['a file for a directory', spec(['sh'], '/dev/null'), /not a directory/],
		['a program that is not there', spec(['no-such-program']), /not on the PATH/],
		['an argument that is too long', spec(['sh', 'x'.repeat(131_072)]), /128 KB/]
	])('says what is wrong with %s', (_, launch, message) => {
		expect(checkLaunch(launch, env)).toMatchObject({ ok: false, message: expect.stringMatching(message) });
	});

	it('counts a variable’s name and value together', () => {
		expect(checkLaunch(spec(['sh']), { ...env, LONG: 'x'.repeat(131_070) })).toMatchObject({ ok: false });
		expect(checkLaunch(spec(['sh']), { ...env, LONG: 'x'.repeat(131_060) })).toMatchObject({ ok: true });
	});
});

describe('failedStart', () => {
	it('takes a shell’s 127 and 126 for a command that it could not run', () => {
		expect(failedStart(spec(['/bin/bash', '-lc', 'claude --help']), 127)).toContain('claude --help');
		expect(failedStart(spec(['/bin/sh', '-c', './x']), 126)).toContain('not allowed');
	});

	it('takes every other end for the program’s own', () => {
		expect(failedStart(spec(['/bin/sh', '-c', 'exit 1']), 1)).toBeNull();
		expect(failedStart(spec(['/bin/sh']), 127)).toBeNull();
		expect(failedStart(spec(['/bin/sh', '-c', 'x']), null)).toBeNull();
	});
});
