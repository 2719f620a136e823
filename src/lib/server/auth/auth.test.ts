import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../config';
import { openDatabase, type Database } from '../db/client';
import { createAuth, type Auth } from './auth';
import { loadApiKey } from './api-key';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

let home: string;
let db: Database;
let auth: Auth;
let time: number;

beforeEach(() => {
	home = mkdtempSync(join(tmpdir(), 'coppice-auth-'));
	const config = readConfig({ COPPICE_HOME: home }, ROOT, '0.0.0');
	db = openDatabase(join(home, 'coppice.db'), config.migrations);
	time = Date.UTC(2026, 0, 1);
	auth = createAuth(config, db, () => new Date(time));
});

afterEach(() => {
	db.$client.close();
	rmSync(home, { recursive: true });
});

const withCookie = (secret: string) => ({ cookie: `other=1; ${auth.cookieName}=${secret}`, authorization: null });

describe('signing in', () => {
	it('takes a link once', () => {
		const { token } = auth.links.create();
		const { secret } = auth.signIn(token, 'Test browser');
		expect(auth.authenticate(withCookie(secret))).toBe('browser');
		expect(() => auth.signIn(token, null)).toThrow('This link was used or is too old');
	});

	it('refuses a link after ten minutes', () => {
		const { token } = auth.links.create();
		time += 10 * MINUTE_MS;
		expect(() => auth.signIn(token, null)).toThrow('too old');
	});

	it('takes the key that programs use', () => {
		expect(auth.authenticate(withCookie(auth.signIn(auth.apiKey, null).secret))).toBe('browser');
	});

	it('slows down whoever guesses, and still lets a good link in', () => {
		for (let count = 0; count < 20; count++) expect(() => auth.signIn('guess', null)).toThrow('This key is not right.');
		expect(() => auth.signIn('guess', null)).toThrow('Too many tries');
		expect(() => auth.signIn(auth.links.create().token, null)).not.toThrow();
	});

	it('forgets a browser that signed out, and one that stayed away for 30 days', () => {
		const first = auth.signIn(auth.apiKey, null).secret;
		const second = auth.signIn(auth.apiKey, null).secret;
		auth.browserSessions.revoke(first);
		expect(auth.authenticate(withCookie(first))).toBeNull();
		time += 30 * DAY_MS;
		expect(auth.authenticate(withCookie(second))).toBeNull();
	});
});

describe('authenticate', () => {
	it('knows a program by its key, and nobody by anything else', () => {
		const bearer = (key: string) => auth.authenticate({ cookie: null, authorization: `Bearer ${key}` });
		expect(bearer(auth.apiKey)).toBe('program');
		expect(bearer(`${auth.apiKey}x`)).toBeNull();
		expect(auth.authenticate({ cookie: null, authorization: auth.apiKey })).toBeNull();
		expect(auth.authenticate({ cookie: `${auth.cookieName}=${auth.apiKey}`, authorization: null })).toBeNull();
		expect(auth.authenticate({ cookie: null, authorization: null })).toBeNull();
	});

	it('stores no secret that could be used', () => {
		const { token } = auth.links.create();
		const { secret } = auth.signIn(auth.apiKey, null);
		db.$client.pragma('wal_checkpoint(TRUNCATE)');
		const stored = readFileSync(join(home, 'coppice.db'), 'latin1');
		for (const each of [token, secret, auth.apiKey]) expect(stored).not.toContain(each);
	});
});

describe('the API key', () => {
	it('is the same at every start, in a file that only the user can read', () => {
		expect(loadApiKey(home)).toBe(auth.apiKey);
		expect(statSync(join(home, 'api-key')).mode & 0o777).toBe(0o600);
	});
});
