/** Conversations for the eye and for the clock: what a worker's socket would say, without waiting for an agent to say it. */
import type { Page } from '@playwright/test';
import type { ChatEvent } from '../../src/lib/protocol/chat';

export interface Scene {
	/** Adds to the log, which a page that is there hears of. */
	say(event: ChatEvent, ageMs?: number): void;
	readonly lastSeq: number;
	/** Lets pages have what has been said so far: to be called before one is opened. */
	begin(): Promise<void>;
}

/** Takes the place of a worker's socket on a page. Times are told as before `now`. */
export function playScene(page: Page, workerId: string, now: number): Scene {
	const log: string[] = [];
	let begun = false;
	return {
		say({ channel, type, payload }, ageMs = 0) {
			const ts = new Date(now - ageMs).toISOString();
			const message = JSON.stringify({ type: 'event', seq: log.length + 1, channel, eventType: type, payload, ts });
			log.push(message);
			if (begun) void page.evaluate((text) => (window as unknown as StageWindow).tellStage(text), message);
		},
		get lastSeq() {
			return log.length;
		},
		async begin() {
			begun = true;
			await page.addInitScript(standIn, { workerId, log });
		}
	};
}

interface StageWindow {
	tellStage(message: string): void;
}

/** Runs in the page: a socket that tells the log, in place of that worker's own. Others are as they are. */
function standIn({ workerId, log }: { workerId: string; log: string[] }): void {
	const Real = window.WebSocket;
	const open = new Set<EventTarget>();
	const tell = (data: string) => open.forEach((stage) => stage.dispatchEvent(new MessageEvent('message', { data })));
	class Stage extends EventTarget {
		binaryType = 'arraybuffer';
		bufferedAmount = 0;
		onmessage: ((event: MessageEvent) => void) | null = null;
		onclose = null;
		onopen = null;
		constructor() {
			super();
			this.addEventListener('message', (event) => this.onmessage?.(event as MessageEvent));
			const bounds = { firstSeq: log.length > 0 ? 1 : 0, lastSeq: log.length, cols: 80, rows: 24 };
			setTimeout(() => {
				open.add(this);
				tell(JSON.stringify({ type: 'attached', workerId, state: 'working', viewers: 1, readonly: false, ...bounds }));
				for (const message of log) tell(message);
			});
		}
		send(text: string): void {
			const message = JSON.parse(text) as { type: string };
			if (message.type === 'ping') setTimeout(() => tell(JSON.stringify({ type: 'pong' })));
		}
		close(): void {
			open.delete(this);
		}
	}
	Object.assign(window, {
		tellStage: tell,
		WebSocket: new Proxy(Real, {
			construct: (target, [url, protocol]: [string, string | undefined]) =>
				String(url).includes(`/worker/${workerId}`) ? new Stage() : new target(url, protocol)
		})
	});
}

const user = (messageId: string, text: string): ChatEvent => ({
	channel: 'agent:message',
	type: 'user',
	payload: { messageId, blocks: [{ type: 'text', text }] }
});
const assistant = (messageId: string, text: string): ChatEvent => ({
	channel: 'agent:message',
	type: 'assistant',
	payload: { messageId, blocks: [{ type: 'text', text }] }
});
const call = (payload: Extract<ChatEvent, { channel: 'agent:tool'; type: 'call' }>['payload']): ChatEvent => ({
	channel: 'agent:tool',
	type: 'call',
	payload
});
const lines = (count: number, line: string) => `${line}\n`.repeat(count);
const usage = { inputTokens: 400, outputTokens: 2900, cacheReadTokens: 18_000, cacheWriteTokens: 0 };

const PATCH = `@@ -37,2 +37,4 @@
-  const body = RefundBody.parse(await req.json());
-  return ctx.refunds.create(body);
+  return withIdempotency(req, ctx, async (raw) => {
+    const refund = await ctx.refunds.create(RefundBody.parse(raw));
+    return { status: 201, body: refund };
+  });
`;
const TESTS = [
	'\x1b[32m✓\x1b[0m test/http/idempotency.test.ts \x1b[2m(9 tests)\x1b[0m \x1b[32m64ms\x1b[0m',
	'\x1b[32m✓\x1b[0m test/refunds/handler.test.ts \x1b[2m(14 tests)\x1b[0m \x1b[32m371ms\x1b[0m',
	'\x1b[1mTests\x1b[0m  \x1b[32m34 passed\x1b[0m \x1b[2m(34)\x1b[0m    \x1b[1mDuration\x1b[0m  1.18s',
	''
].join('\n');

/** A turn with one of each thing: thoughts, reads, an edit, a command, a request. Ages are in seconds. */
export function refunds(scene: Scene): void {
	const say = (event: ChatEvent, seconds: number) => scene.say(event, seconds * 1000);
	say(
		user(
			'u1',
			'Make POST /refunds idempotent. Clients already send Idempotency-Key and we ignore it. Same key and body returns the stored answer, another body is a 409. Keys live 24 hours.'
		),
		540
	);
	const thought = { messageId: 't1', blocks: [{ type: 'text' as const, text: 'Where is it **stored** now?' }] };
	say({ channel: 'agent:delta', type: 'thinking', payload: { messageId: 't1', block: 0, text: 'Where' } }, 538);
	say({ channel: 'agent:message', type: 'thinking', payload: thought }, 530);
	for (const [id, path, count] of [
		['r1', 'src/refunds/handler.ts', 142],
		['r2', 'src/payments/idempotency.ts', 88]
	] as const) {
		const output = lines(count, 'const line = 1;');
		say(call({ toolCallId: id, name: 'Read', kind: 'read', title: path, status: 'completed', output }), 525);
	}
	const found = lines(6, 'src/http/a.ts:1');
	say(
		call({
			...{ toolCallId: 's1', name: 'Grep', kind: 'search', title: '"Idempotency-Key"' },
			...{ status: 'completed', output: found }
		}),
		520
	);
	say(
		assistant(
			'a1',
			"`payments/idempotency.ts` already stores a request hash with the response, but it is written into that route. I'll lift it into `src/http/idempotency.ts` and use it from both."
		),
		510
	);
	const edits = [
		['e1', 'src/refunds/handler.ts', 14, 5],
		['e2', 'src/http/idempotency.ts', 121, 0],
		['e3', 'src/payments/idempotency.ts', 6, 43]
	] as const;
	const [first] = edits;
	const edit = { name: 'Edit', kind: 'edit', status: 'completed' } as const;
	say(
		call({
			...{ toolCallId: first[0], title: first[1], ...edit },
			diff: [{ path: first[1], patch: PATCH, added: first[2], removed: first[3] }]
		}),
		480
	);
	say(
		call({
			...{ toolCallId: 'x1', name: 'Bash', kind: 'execute', title: 'npx vitest run test/refunds test/http' },
			status: 'running'
		}),
		302.1
	);
	const ran = { toolCallId: 'x1', status: 'completed', exitCode: 0, output: TESTS } as const;
	say({ channel: 'agent:tool', type: 'result', payload: ran }, 300);
	say(
		assistant('a2', 'All green. The stored key needs a unique index, so the next step is the migration on staging.'),
		130
	);
	const entries = [
		{ content: 'Read the payments route', status: 'completed' },
		{ content: 'Lift idempotency into http/', status: 'completed' },
		{ content: 'Use it in POST /refunds', status: 'completed' },
		{ content: 'Migration with a unique index', status: 'in_progress' },
		{ content: 'Tests for 409 and expiry', status: 'pending' }
	] as const;
	say({ channel: 'agent:plan', type: 'plan', payload: { entries: [...entries] } }, 129);
	const command = 'npm run db:migrate -- --env staging';
	const asked = { toolCallId: 'x2', name: 'Bash', kind: 'execute', title: command, status: 'pending' } as const;
	say(call(asked), 121);
	say(
		{
			channel: 'agent:request',
			type: 'permission',
			payload: {
				requestId: 'q1',
				toolCallId: 'x2',
				title: 'run a command',
				call: asked,
				detail: 'Adds a unique index on refunds. Reaches staging-db.internal:5432, outside this worktree.',
				options: [
					{ optionId: 'once', kind: 'allow_once', name: 'Allow once' },
					{ optionId: 'always', kind: 'allow_always', name: 'Always allow', pattern: 'npm run db:migrate' },
					{ optionId: 'no', kind: 'reject_once', name: 'Deny' }
				],
				takesReason: true
			}
		},
		120
	);
	const waiting = {
		messageId: 'u2',
		text: 'Then describe the 409 in openapi.yaml and regenerate the client',
		images: []
	};
	say({ channel: 'agent:queue', type: 'queue', payload: { messages: [waiting], held: false } }, 60);
}

/** Turns until the log has about as many events as asked for: text in pieces, reads, edits, commands. */
export function longConversation(scene: Scene, events: number): void {
	for (let turn = 0; scene.lastSeq < events; turn++) {
		const age = (events - scene.lastSeq) * 100;
		scene.say(user(`u${turn}`, `Turn ${turn}: look at the part with number ${turn} and make it right.`), age);
		for (let step = 0; step < 6; step++) {
			const id = `${turn}-${step}`;
			const text = `Step ${step} of turn ${turn}. It reads \`src/part-${step}.ts\`, which has **${step + 3} problems**:\n\n- the first\n- the second\n\n\`\`\`ts\nconst answer = ${turn};\nexport function part(): number {\n\treturn answer;\n}\n\`\`\`\n`;
			for (const piece of text.match(/.{1,40}/gs) ?? []) {
				scene.say({ channel: 'agent:delta', type: 'text', payload: { messageId: id, block: 0, text: piece } }, age);
			}
			scene.say(assistant(id, text), age);
			const read = { toolCallId: `r${id}`, name: 'Read', kind: 'read', title: `src/part-${step}.ts` } as const;
			scene.say(call({ ...read, status: 'completed', output: lines(40, 'const a = 1;') }), age);
			const command = { toolCallId: `x${id}`, name: 'Bash', kind: 'execute', title: `npm test part-${step}` } as const;
			scene.say(call({ ...command, status: 'running' }), age);
			for (let piece = 0; piece < 4; piece++) {
				const output = lines(10, `\x1b[32mok\x1b[0m part ${piece}`);
				scene.say(
					{ channel: 'agent:tool', type: 'progress', payload: { toolCallId: command.toolCallId, output } },
					age
				);
			}
			const over = { toolCallId: command.toolCallId, status: 'completed', exitCode: 0 } as const;
			scene.say({ channel: 'agent:tool', type: 'result', payload: over }, age);
			const diff = [{ path: `src/part-${step}.ts`, patch: PATCH, added: 4, removed: 2 }];
			const edit = { toolCallId: `e${id}`, name: 'Edit', kind: 'edit', title: `src/part-${step}.ts` } as const;
			scene.say(call({ ...edit, status: 'completed', diff }), age);
		}
		const result = { turnId: `t${turn}`, usage, costUsd: 0.02, durationMs: 9000 };
		scene.say({ channel: 'agent:result', type: 'completed', payload: result }, age);
	}
}

/** A finished message of the agent. */
export const said = assistant;
