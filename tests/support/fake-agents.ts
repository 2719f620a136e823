import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CreateAgent } from '../../src/lib/protocol/agent';

/** An agent with a terminal interface that does what its prompts say. */
export const FAKE_AGENT = fileURLToPath(new URL('../fixtures/fake-agent.mjs', import.meta.url));

/** Its conversation's id is chosen by us. Its conversations are in FAKE_AGENT_HOME. */
export const fake: CreateAgent & { startArgs: string[][]; continueArgs: string[][] } = {
	id: 'fake',
	name: 'Fake',
	command: FAKE_AGENT,
	startArgs: [
		['--session-id', '{agentSessionId}'],
		['--model', '{model}'],
		['--permission-mode', '{permissionMode}'],
		['--', '{prompt}']
	],
	continueArgs: [
		['--resume', '{agentSessionId}'],
		['--', '{prompt}']
	],
	conversationId: { kind: 'chosen', file: '$FAKE_AGENT_HOME/{agentSessionId}.jsonl' }
};

/** It chooses the id itself. */
export const ownId: CreateAgent = {
	id: 'own-id',
	name: 'Own id',
	command: FAKE_AGENT,
	startArgs: ['--own-id', ['--', '{prompt}']],
	continueArgs: ['--own-id', ['--resume', '{agentSessionId}']],
	conversationId: {
		kind: 'file',
		directory: '$FAKE_AGENT_HOME',
		pattern: '^rollout-[\\d-]{10}-(?<id>[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})\\.jsonl$'
	}
};

/** An agent like `fake` that is started with more. */
export const like = (id: string, ...options: string[]): CreateAgent => ({
	...fake,
	id,
	name: id,
	startArgs: [...options, ...fake.startArgs]
});

export interface Start {
	pid: number;
	argv: string[];
	cwd: string;
	environment: string[];
}

/** Each start, by the agents of one FAKE_AGENT_HOME, with all of these arguments. */
export function startsIn(conversations: string, ...args: string[]): Start[] {
	const lines = readFileSync(join(conversations, 'starts.jsonl'), 'utf8').trim().split('\n');
	return lines
		.map((line) => JSON.parse(line) as Start)
		.filter(({ argv }) => args.every((argument) => argv.includes(argument)));
}
