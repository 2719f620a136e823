import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder, makeRepository, removeFolders, type Repository } from '../../../../tests/support/repository';
import { makeServer, type TestServer } from '../../../../tests/support/server-context';
import { createSession } from '../sessions/create-session';
import { findFiles } from './find-files';

let server: TestServer;
let repository: Repository;
beforeEach(() => {
	server = makeServer();
	repository = makeRepository();
});
afterEach(() => server.close());
afterAll(removeFolders);

const open = async (path: string) => (await createSession(server, { type: 'quick', path })).session.id;

describe('the files of a session', () => {
	it('are those that lie in its folder, wherever links lead to', async () => {
		const outside = makeFolder();
		writeFileSync(join(outside, 'secret.txt'), '');
		mkdirSync(join(repository.path, 'real'));
		repository.write('real/inside.txt', '');
		symlinkSync(join(outside, 'secret.txt'), join(repository.path, 'link.txt'));
		symlinkSync(outside, join(repository.path, 'folder.txt'));
		symlinkSync('real/inside.txt', join(repository.path, 'alias.txt'));
		symlinkSync('nowhere', join(repository.path, 'dangling.txt'));
		const found = await findFiles(server, await open(repository.path), '.txt');
		expect(found.sort()).toEqual(['alias.txt', 'real/inside.txt']);
	});

	it('are none of a folder that was put outside after it had been listed', async () => {
		const session = await open(repository.path);
		mkdirSync(join(repository.path, 'moved'));
		repository.write('moved/file.md', '');
		expect(await findFiles(server, session, 'file.md')).toEqual(['moved/file.md']);
		const outside = join(makeFolder(), 'moved');
		renameSync(join(repository.path, 'moved'), outside);
		symlinkSync(outside, join(repository.path, 'moved'));
		expect(await findFiles(server, session, 'file.md')).toEqual([]);
	});

	it('are at most fifty', async () => {
		for (let count = 0; count < 100; count++) repository.write(`b${count}`, '');
		expect(await findFiles(server, await open(repository.path), 'b')).toHaveLength(50);
	});

	it.each([
		['takes too long', 'sleep 60'],
		['has too many', 'yes | tr -d "\\n" | head -c 80000000'],
		['is not there', 'exit 127']
	])('are looked for without git when that %s', async (_why, does) => {
		const session = await open(repository.path);
		repository.write('some.md', '');
		const bin = makeFolder();
		writeFileSync(join(bin, 'git'), `#!/bin/sh\n${does}\n`, { mode: 0o755 });
		const { PATH } = process.env;
		process.env.PATH = `${bin}:${PATH}`;
		try {
			const before = performance.now();
			expect(await findFiles(server, session, 'some')).toEqual(['some.md']);
			expect(performance.now() - before).toBeLessThan(10_000);
		} finally {
			process.env.PATH = PATH;
		}
	});
});
