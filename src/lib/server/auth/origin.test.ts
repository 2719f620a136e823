import { describe, expect, it } from 'vitest';
import { checkAddressed } from './origin';

const config = { host: '127.0.0.1', allowedHosts: ['forge.example'] };
const check = (host: string | undefined, origin?: string) => () => checkAddressed({ host, origin }, config);

describe('checkAddressed', () => {
	it.each(['127.0.0.1:4310', 'localhost:4310', 'LOCALHOST', '[::1]:4310', 'forge.example', 'Forge.Example:443'])(
		'answers to the host %s',
		(host) => expect(check(host)).not.toThrow()
	);

	it.each([
		undefined,
		'',
		'evil.example',
		'evil.example:4310',
		'127.0.0.1.evil.example',
		'localhost@evil.example',
		'a/b',
		'192.168.1.7'
	])('refuses the host %s', (host) => expect(check(host)).toThrow(/Host/));

	it.each([
		['127.0.0.1:4310', 'http://127.0.0.1:4310'],
		['localhost:4310', 'http://localhost:4310'],
		['forge.example', 'https://forge.example'],
		['forge.example:443', 'https://forge.example']
	])('lets a page of %s use it from %s', (host, origin) => expect(check(host, origin)).not.toThrow());

	it.each([
		['127.0.0.1:4310', 'http://127.0.0.1:9999'],
		['127.0.0.1:4310', 'http://localhost:4310'],
		['127.0.0.1:4310', 'http://evil.example'],
		['127.0.0.1:4310', 'null'],
		['127.0.0.1:4310', 'file://'],
		['127.0.0.1:4310', 'chrome-extension://abcdef'],
		['127.0.0.1:4310', 'http://127.0.0.1:4310.evil.example']
	])('refuses a page that asks %s from %s', (host, origin) => expect(check(host, origin)).toThrow(/origin/));
});
