import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFrontDoor, type FrontDoor } from './front-door';

let door: FrontDoor;
let server: Server;
let arrived: IncomingMessage[];

beforeEach(async () => {
	door = createFrontDoor({ host: '127.0.0.1', allowedHosts: [] });
	arrived = [];
	server = createServer((incoming, response) => {
		if (!door.admit(incoming, response)) return;
		arrived.push(incoming);
		response.end();
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

function statusWith(headers: Record<string, string>): Promise<number | undefined> {
	const { port } = server.address() as AddressInfo;
	return new Promise((resolve, reject) => {
		request({ port, headers }, (response) => {
			response.resume();
			response.on('end', () => resolve(response.statusCode));
		})
			.on('error', reject)
			.end();
	});
}

const headersOf = ({ headers }: IncomingMessage) => new Headers(Object.entries(headers) as [string, string][]);

describe('the front door', () => {
	it('lets in what is meant for this server, and answers the rest itself', async () => {
		expect(await statusWith({})).toBe(200);
		expect(await statusWith({ host: 'evil.example' })).toBe(403);
		expect(await statusWith({ origin: 'http://evil.example' })).toBe(403);
		expect(arrived).toHaveLength(1);
		expect(() => door.mustHaveAdmitted(headersOf(arrived[0]!))).not.toThrow();
	});

	it('knows what came by another way, whatever it says of itself', async () => {
		await statusWith({ 'x-coppice-door': 'let me in' });
		const marked = headersOf(arrived[0]!);
		expect(() => door.mustHaveAdmitted(marked)).not.toThrow();
		expect(() => door.mustHaveAdmitted(new Headers())).toThrow('npm start');
		expect(() => door.mustHaveAdmitted(new Headers({ 'x-coppice-door': 'let me in' }))).toThrow('npm start');
		const other = createFrontDoor({ host: '127.0.0.1', allowedHosts: [] });
		expect(() => other.mustHaveAdmitted(marked)).toThrow('npm start');
	});
});
