import { describe, expect, it } from 'vitest';
import { withoutOwnVariables } from './own-variables';

const OWN = {
	...{ HOST: '0.0.0.0', PORT: '4310', ORIGIN: 'o', PROTOCOL_HEADER: 'x-p', HOST_HEADER: 'x-h', BODY_SIZE_LIMIT: '48M' },
	...{ COPPICE_HOME: '/x', COPPICE_WORKER_ID: 'outer', coppice_odd: '1', npm_config_token: 'secret', INIT_CWD: '/x' }
};

describe('a person’s environment', () => {
	it('is everything but what the server and npm are told', () => {
		const own = { HOME: '/home/me', NODE_ENV: 'test', NODE_OPTIONS: '--no-warnings', HOSTNAME: 'oak', MYPORT: '1' };
		expect(withoutOwnVariables({ ...own, ...OWN, UNSET: undefined })).toEqual(own);
	});

	it('is without what npm sets and puts into the PATH, when npm started us', () => {
		const path = '/app/node_modules/.bin:/usr/lib/node_modules/npm/node-gyp-bin:/usr/bin:/bin';
		const npm = { npm_execpath: '/npm', NODE: '/node', NODE_ENV: 'production', NODE_OPTIONS: '--x' };
		expect(withoutOwnVariables({ ...npm, PATH: path })).toEqual({ PATH: '/usr/bin:/bin' });
	});

	it('keeps the PATH as it is otherwise', () => {
		const env = { PATH: '/repo/node_modules/.bin:/bin' };
		expect(withoutOwnVariables(env)).toEqual(env);
	});
});
