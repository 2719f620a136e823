import { describe, expect, it } from 'vitest';
import { childEnvironment } from './environment';

function environment(inherited: Record<string, string>, added: Record<string, string> = {}) {
	return childEnvironment({ inherited, added, workerId: 'worker', homeId: 'home' });
}

describe('childEnvironment', () => {
	it('passes the user’s own variables and marks the process', () => {
		expect(environment({ HOME: '/home/me', LANG: 'C.UTF-8', NODE_ENV: 'test' }, { MINE: '1' })).toMatchObject({
			...{ HOME: '/home/me', LANG: 'C.UTF-8', NODE_ENV: 'test', MINE: '1' },
			...{ TERM: 'xterm-256color', COPPICE_WORKER_ID: 'worker', COPPICE_HOME_ID: 'home' }
		});
	});

	it('keeps back what is ours and what npm set', () => {
		const env = environment({
			...{ COPPICE_HOME: '/x', COPPICE_TOKEN: 'secret', coppice_odd: '1', HOST: 'h', PORT: '1', ORIGIN: 'o' },
			...{ npm_lifecycle_event: 'start', npm_config_x: '1', NODE_ENV: 'production', INIT_CWD: '/x' },
			...{ TMUX: '/tmp/tmux', COLUMNS: '80', LINES: '24' },
			PATH: '/app/node_modules/.bin:/usr/lib/node_modules/npm/node-gyp-bin:/usr/bin:/bin'
		});
		expect(Object.keys(env).sort()).toEqual([
			...['COLORTERM', 'COPPICE_HOME_ID', 'COPPICE_WORKER_ID', 'PATH', 'TERM', 'TERM_PROGRAM']
		]);
		expect(env.PATH).toBe('/usr/bin:/bin');
	});

	it('lets nobody choose the marks', () => {
		const env = environment({ COPPICE_WORKER_ID: 'outer' }, { COPPICE_WORKER_ID: 'chosen' });
		expect(env.COPPICE_WORKER_ID).toBe('worker');
	});
});
