import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveCommand } from './resolve-command';

let folder: string;

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'coppice-path-'));
	writeFileSync(join(folder, 'tool'), '#!/bin/sh\n');
	chmodSync(join(folder, 'tool'), 0o755);
	writeFileSync(join(folder, 'text'), 'no program');
	chmodSync(join(folder, 'text'), 0o644);
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('resolveCommand', () => {
	it('finds a name on the PATH, passing over files that can’t be run', () => {
		expect(resolveCommand('tool', '/', `/no/such:${folder}`)).toEqual({ ok: true, path: join(folder, 'tool') });
		expect(resolveCommand('text', '/', folder)).toMatchObject({ ok: false, exitCode: 127 });
	});

	it('takes a name with a slash for a path from the working directory', () => {
		expect(resolveCommand('./tool', folder, '')).toEqual({ ok: true, path: join(folder, 'tool') });
		expect(resolveCommand('./text', folder, '')).toMatchObject({ ok: false, exitCode: 126 });
		expect(resolveCommand('./gone', folder, '')).toMatchObject({ ok: false, exitCode: 127 });
		expect(resolveCommand('tool', folder, '/usr/bin')).toMatchObject({ ok: false, exitCode: 127 });
	});

	it('finds nothing for an empty name or a directory', () => {
		expect(resolveCommand('', folder, folder)).toMatchObject({ ok: false });
		expect(resolveCommand(folder, '/', '')).toMatchObject({ ok: false, exitCode: 126 });
	});
});
