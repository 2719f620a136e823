import { describe, expect, it, vi } from 'vitest';
import { createJsonRpcPeer, RpcError, TIMED_OUT } from './json-rpc';

function peerWith(onRequest: (method: string) => boolean = () => true) {
	const written: unknown[] = [];
	const nonsense: string[] = [];
	const notified: string[] = [];
	const peer = createJsonRpcPeer({
		write: (line) => void written.push(JSON.parse(line)),
		onRequest,
		onNotification: (method) => void notified.push(method),
		onNonsense: (line) => void nonsense.push(line)
	});
	return { peer, written, nonsense, notified };
}

describe('a JSON-RPC peer', () => {
	it('matches answers to requests in any order', async () => {
		const { peer, written } = peerWith();
		const first = peer.request('a', {});
		const second = peer.request('b', {});
		expect(written).toMatchObject([{ id: 1 }, { id: 2 }]);
		peer.receive('{"id":2,"result":"two"}');
		peer.receive('{"jsonrpc":"2.0","id":1,"result":"one"}');
		expect(await Promise.all([first, second])).toEqual(['one', 'two']);
	});

	it('hands a result over before it reads the next line', () => {
		const { peer, notified } = peerWith();
		const seen: string[] = [];
		peer.call('a', {}, () => seen.push(...notified, 'answer'));
		peer.receive('{"id":1,"result":null}');
		peer.receive('{"method":"later"}');
		expect(seen).toEqual(['answer']);
	});

	it('rejects with the error of the other side', async () => {
		const { peer } = peerWith();
		const request = peer.request('a', {});
		peer.receive('{"id":1,"error":{"code":-32002,"message":"gone","data":{"id":7}}}');
		await expect(request).rejects.toMatchObject({ code: -32002, message: 'gone', data: { id: 7 } });
	});

	it('takes an error of any shape', async () => {
		const { peer } = peerWith();
		const request = peer.request('a', {});
		peer.receive('{"id":1,"error":"no"}');
		await expect(request).rejects.toBeInstanceOf(RpcError);
	});

	it('gives up after the time that was given', async () => {
		vi.useFakeTimers();
		const { peer } = peerWith();
		const request = peer.request('a', {}, 1000);
		const outcome = expect(request).rejects.toMatchObject({ code: TIMED_OUT });
		vi.advanceTimersByTime(1000);
		await outcome;
		// The answer that comes too late changes nothing.
		peer.receive('{"id":1,"result":1}');
		vi.useRealTimers();
	});

	it('keeps the ids of both sides apart', () => {
		const { peer, written } = peerWith();
		const outcomes: unknown[] = [];
		peer.call('mine', {}, (outcome) => outcomes.push(outcome));
		peer.receive('{"id":1,"method":"theirs","params":{}}');
		peer.respond(1, 'for them');
		expect(outcomes).toEqual([]);
		expect(written.at(-1)).toEqual({ jsonrpc: '2.0', id: 1, result: 'for them' });
	});

	it('says that it does not know a method', () => {
		const { peer, written } = peerWith(() => false);
		peer.receive('{"id":"x","method":"fs/read_text_file","params":{}}');
		expect(written).toMatchObject([{ id: 'x', error: { code: -32601 } }]);
	});

	it.each(['', 'no json', '[1]', '5', '{}', '{"id":null,"method":"a"}', '{"id":1}'])(
		'takes %j for nonsense',
		(line) => {
			const { peer, nonsense } = peerWith();
			peer.receive(line);
			expect(nonsense).toEqual([line]);
		}
	);

	it('lets an answer to nothing pass', () => {
		const { peer, nonsense } = peerWith();
		peer.receive('{"id":99,"result":1}');
		expect(nonsense).toEqual([]);
	});
});
