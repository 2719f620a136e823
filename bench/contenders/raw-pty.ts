import { spawn, type IPty } from 'node-pty';
import { watchFor, type Contender } from '../contender';

const nothing = () => undefined;

/** The floor: this very process reads the terminal. No server, no log, no other client. */
export const rawPty: Contender = {
	name: 'raw PTY reader',
	start() {
		const terminals: IPty[] = [];
		function run(line: string, listener: (bytes: Uint8Array) => void): IPty {
			const terminal = spawn('/bin/sh', ['-c', line], { cols: 80, rows: 24, encoding: null });
			terminal.onData((data) => listener(data as unknown as Uint8Array));
			terminals.push(terminal);
			return terminal;
		}
		return Promise.resolve({
			open(line) {
				let listener: (bytes: Uint8Array) => void = nothing;
				const terminal = run(line, (bytes) => listener(bytes));
				return Promise.resolve({
					write: (data) => terminal.write(data),
					onOutput: (next) => void (listener = next),
					/** Nothing is kept: coming again is running the command again. */
					attachAgain: (last) =>
						new Promise<void>((resolve) => {
							const isThere = watchFor(last);
							run(line, (bytes) => isThere(bytes) && resolve());
						}),
					stall: () => terminal.pause()
				});
			},
			pids: () => [process.pid],
			stop() {
				for (const terminal of terminals) terminal.kill('SIGKILL');
				return Promise.resolve();
			}
		});
	}
};
