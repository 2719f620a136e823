import { describe, expect, it } from 'vitest';
import { readConfig } from './config';

const read = (env: Record<string, string>) => readConfig(env, '/app', '1.0.0');

describe('readConfig', () => {
	it('binds to loopback on port 4310 and asks to sign in when nothing is said', () => {
		expect(read({})).toMatchObject({ host: '127.0.0.1', port: 4310, auth: 'token' });
	});

	it.each(['0.0.0.0', '::', '192.168.1.7', 'forge.example'])('refuses to go without signing in on %s', (host) => {
		expect(() => read({ HOST: host, COPPICE_AUTH: 'none' })).toThrow('only loopback is safe');
		expect(read({ HOST: host }).auth).toBe('token');
	});

	it.each(['127.0.0.1', 'localhost', '::1'])('can go without signing in on %s', (host) => {
		expect(read({ HOST: host, COPPICE_AUTH: 'none' }).auth).toBe('none');
	});

	it.each(['http', '-1', '65536', '43.1'])('refuses %s as a port', (port) => {
		expect(() => read({ PORT: port })).toThrow('is not a port');
	});
});
