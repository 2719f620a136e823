/** What one writes first: terminals a socket away, whose output is kept in memory for whoever comes again. */
import { spawn } from 'node-pty';
import { WebSocketServer } from 'ws';

/** @type {Map<string, ReturnType<typeof open>>} */
const terminals = new Map();
const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });

function open(/** @type {string} */ line) {
	const terminal = {
		pty: spawn('/bin/sh', ['-c', line], { cols: 80, rows: 24, encoding: null }),
		kept: /** @type {string[]} */ ([]),
		clients: /** @type {Set<import('ws').WebSocket>} */ (new Set())
	};
	terminal.pty.onData((data) => {
		terminal.kept.push(data);
		for (const client of terminal.clients) client.send(data);
	});
	return terminal;
}

server.on('connection', (client, request) => {
	const { id = '', line = '' } = Object.fromEntries(new URL(request.url ?? '', 'http://localhost').searchParams);
	const terminal = terminals.get(id) ?? open(line);
	terminals.set(id, terminal);
	for (const data of terminal.kept) client.send(data);
	terminal.clients.add(client);
	client.on('message', (data) => terminal.pty.write(data.toString()));
	client.on('close', () => terminal.clients.delete(client));
});

server.on('listening', () => process.send?.(server.address()));
