#!/usr/bin/env node
/** The command line. Nothing outside Node itself is imported before `install` has run. */
import { parseArgs } from 'node:util';
import { ensureBuilt, ensureInstalled, requireNode } from './prepare.js';

const USAGE = `Usage: coppice [command] [options]

  start         serve the console (the default); installs and builds first when needed
  link          print a new sign-in link for the console that runs
  status        say what runs
  stop          stop the console; workers keep running
  stop --all    stop the console, the runner and every worker

Options of start
  --host NAME   address to listen on (default 127.0.0.1)
  --port N      port (default 4310, 0 for any free one)
  --no-auth     no signing in; refused unless bound to loopback

Everything is kept in COPPICE_HOME (default ~/.coppice).`;

requireNode();
const { command, options } = readArguments();

switch (command) {
	case 'start': {
		if (options.host) process.env.HOST = options.host;
		if (options.port) process.env.PORT = options.port;
		if (options['no-auth']) process.env.COPPICE_AUTH = 'none';
		ensureInstalled();
		ensureBuilt();
		const { serve } = await import('./serve.js');
		await serve();
		break;
	}
	case 'link': {
		const { printLink } = await import('./remote.js');
		await printLink();
		break;
	}
	case 'status': {
		const { printStatus } = await import('./remote.js');
		await printStatus();
		break;
	}
	case 'stop': {
		const { stop } = await import('./remote.js');
		await stop({ all: options.all ?? false });
		break;
	}
	case 'help':
		console.log(USAGE);
		break;
	default:
		console.error(`Unknown command: ${command}\n\n${USAGE}`);
		process.exitCode = 2;
}

function readArguments() {
	try {
		const { values, positionals } = parseArgs({
			allowPositionals: true,
			options: {
				host: { type: 'string' },
				port: { type: 'string' },
				'no-auth': { type: 'boolean' },
				all: { type: 'boolean' },
				help: { type: 'boolean', short: 'h' }
			}
		});
		return { command: values.help ? 'help' : (positionals[0] ?? 'start'), options: values };
	} catch (error) {
		console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
		process.exit(2);
	}
}
