import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createInterpreter } from '../terminal/interpreter';
import type { ObservedState } from './agent-signals';
import { QUIET_MS } from './agent-state';
import { createStateTracker, type StateTracker } from './worker-state';

let states: ObservedState[];
let tracker: StateTracker;
/** Takes output as the runner does: first what it says, then that it came. */
let print: (output: string) => void;

beforeEach(() => {
	vi.useFakeTimers();
	states = [];
	tracker = createStateTracker({ stateFrom: 'agent', pid: process.pid, onChange: (state) => states.push(state) });
	const interpreter = createInterpreter({ onQuery() {}, onReport: (report) => tracker.report(report) });
	print = (output) => {
		const bytes = Buffer.from(output);
		interpreter.push(bytes);
		tracker.output(bytes.length);
	};
});

afterEach(() => {
	tracker.close();
	vi.useRealTimers();
});

const base64 = (text: string) => Buffer.from(text).toString('base64');
const status = (record: string) => `\x1b]7501;${record}\x1b\\`;
const title = (text: string) => `\x1b]0;${text}\x07`;
const last = () => states.at(-1);
const names = () => states.map(({ state }) => state);

describe('an agent that reports its status', () => {
	it('is in the states that Claude Code says, with what it asks for', () => {
		const asks = base64('approve Bash: touch p1.txt');
		for (const record of [
			'state=idle:app=claude-code',
			'state=working:app=claude-code',
			`state=blocked:app=claude-code:kind=permission:msg=${asks}`,
			'state=working:app=claude-code',
			'state=done:app=claude-code',
			`state=error:app=claude-code:msg=${base64('API Error: 500')}`
		]) {
			print(status(record));
		}
		expect(states).toEqual([
			{ state: 'idle', detail: null, errorMessage: null },
			{ state: 'working', detail: null, errorMessage: null },
			{ state: 'needs_input', detail: 'approve Bash: touch p1.txt', errorMessage: null },
			{ state: 'working', detail: null, errorMessage: null },
			{ state: 'idle', detail: null, errorMessage: null },
			{ state: 'error', detail: null, errorMessage: 'API Error: 500' }
		]);
	});

	it('is in the states that Codex says, who gives no message', () => {
		print(status('state=blocked:app=codex:kind=permission'));
		expect(last()).toEqual({ state: 'needs_input', detail: 'permission', errorMessage: null });
	});

	it('is idle after a question that was escaped, which no hook tells of', () => {
		print(status('state=working:app=claude-code'));
		tracker.hook({ hook_event_name: 'PermissionRequest', tool_name: 'Bash' });
		print(status(`state=blocked:app=claude-code:kind=permission:msg=${base64('approve Bash')}`));
		print(status('state=idle:app=claude-code'));
		expect(names()).toEqual(['working', 'needs_input', 'idle']);
	});

	it('is heard above hooks, titles, bells and output', () => {
		print(status('state=idle:app=claude-code'));
		tracker.hook({ hook_event_name: 'UserPromptSubmit' });
		print(title('⠙ busy'));
		print('\x07\x1b]9;look\x07 much output');
		vi.advanceTimersByTime(QUIET_MS * 2);
		expect(names()).toEqual(['idle']);
	});

	it('shows the most urgent of several records, and each report replaces its record', () => {
		print(status('state=working:app=a:id=1') + status('state=blocked:app=a:id=2:kind=question'));
		print(status('state=working:app=a:id=1'));
		expect(last()!.state).toBe('needs_input');
		print(status('state=done:app=a:id=2'));
		expect(last()!.state).toBe('working');
		print(status('state=clear:id=1'));
		expect(last()!.state).toBe('idle');
	});

	it('leaves the word to others when it takes everything back', () => {
		print(status('state=working:app=a'));
		print(status('state=clear'));
		print(title('✋  Action Required (dir)'));
		expect(names()).toEqual(['working', 'idle', 'needs_input']);
	});
});

describe('an agent that reports by hooks', () => {
	const hook = (name: string, body = {}) => tracker.hook({ hook_event_name: name, session_id: 'x', ...body });

	it('is in the states that they say', () => {
		hook('SessionStart', { source: 'startup' });
		hook('UserPromptSubmit', { prompt: 'go' });
		hook('PermissionRequest', { tool_name: 'Bash', tool_input: { command: 'rm -rf x' } });
		hook('PostToolUse');
		hook('Stop');
		hook('StopFailure', { error: 'overloaded' });
		expect(states).toEqual([
			{ state: 'idle', detail: null, errorMessage: null },
			{ state: 'working', detail: null, errorMessage: null },
			{ state: 'needs_input', detail: 'Bash: rm -rf x', errorMessage: null },
			{ state: 'working', detail: null, errorMessage: null },
			{ state: 'idle', detail: null, errorMessage: null },
			{ state: 'error', detail: null, errorMessage: 'overloaded' }
		]);
	});

	it('goes on working when it compacts its conversation', () => {
		hook('UserPromptSubmit');
		hook('SessionStart', { source: 'compact' });
		expect(names()).toEqual(['working']);
	});

	it('needs somebody when it says so by a notification, and not for any other', () => {
		hook('UserPromptSubmit');
		hook('Notification', { notification_type: 'auth_success', message: 'signed in' });
		hook('Notification', { notification_type: 'permission_prompt', message: 'Claude needs your permission' });
		expect(states.slice(1)).toEqual([
			{ state: 'needs_input', detail: 'Claude needs your permission', errorMessage: null }
		]);
	});

	it('is heard above its title and its output', () => {
		hook('UserPromptSubmit');
		print(title('✳ Claude Code'));
		print('\x07');
		vi.advanceTimersByTime(QUIET_MS * 2);
		expect(names()).toEqual(['working']);
	});

	it('survives bodies that make no sense', () => {
		for (const body of [{}, { hook_event_name: 7 }, { hook_event_name: 'PermissionRequest', tool_input: null }]) {
			tracker.hook(body as Record<string, unknown>);
		}
		hook('PermissionRequest', { tool_name: ['Bash'], tool_input: 'x' });
		hook('Notification');
		expect(names()).toEqual(['needs_input']);
	});
});

describe('an agent that only has a title', () => {
	it.each([
		['Gemini', '✦  Working… (dir)', 'working', null],
		['Gemini', '✋  Action Required (dir)', 'needs_input', 'Action Required (dir)'],
		['Gemini', '◇  Ready (dir)', 'idle', null],
		['Claude Code', '✳ Claude Code', 'idle', null],
		['Claude Code', '◐ Fix the bug', 'working', null],
		['Codex', '⠙ ws3', 'working', null],
		['Codex', '[ ! ] Action Required | ws3', 'needs_input', 'Action Required'],
		['Codex', '[ . ] Action Required | ws3', 'needs_input', 'Action Required']
	])('such as %s with “%s” is %s', (_agent, text, state, detail) => {
		print(title(text));
		expect(states).toEqual([{ state, detail, errorMessage: null }]);
	});

	it('is idle when it takes its sign away', () => {
		for (const text of ['ws3', '⠙ ws3', '⠹ ws3', 'ws3']) print(title(text));
		expect(names()).toEqual(['working', 'idle']);
	});

	it('is heard above a bell and quietness', () => {
		print(title('✦  Working… (dir)'));
		print('\x07');
		vi.advanceTimersByTime(QUIET_MS * 2);
		expect(names()).toEqual(['working']);
	});

	it('says nothing with a title that is only a name', () => {
		print(title('OC | project'));
		vi.advanceTimersByTime(QUIET_MS);
		expect(states.map(({ state, detail }) => [state, detail])).toEqual([
			['working', null],
			['idle', 'quiet']
		]);
	});
});

describe('an agent that gives no signal', () => {
	it('works while it writes and is quiet when it has not for a while', () => {
		for (let count = 0; count < 10; count++) {
			print('some output');
			vi.advanceTimersByTime(QUIET_MS / 2);
		}
		expect(names()).toEqual(['working']);
		vi.advanceTimersByTime(QUIET_MS);
		expect(last()).toEqual({ state: 'idle', detail: 'quiet', errorMessage: null });
	});

	it('is quiet when it never writes at all', () => {
		vi.advanceTimersByTime(QUIET_MS);
		expect(last()).toEqual({ state: 'idle', detail: 'quiet', errorMessage: null });
	});

	it('needs somebody from a bell or notification until somebody types', () => {
		print('working');
		print('\x1b]9;Approval requested: rm\x07');
		print('drawing on');
		vi.advanceTimersByTime(QUIET_MS * 2);
		expect(last()).toEqual({ state: 'needs_input', detail: 'Approval requested: rm', errorMessage: null });
		tracker.input();
		print('going on');
		expect(last()!.state).toBe('working');
	});

	it('does not work when what is typed is echoed, but when it goes on writing', () => {
		vi.advanceTimersByTime(QUIET_MS);
		for (const key of 'a prompt') {
			tracker.input();
			print(key);
			vi.advanceTimersByTime(100);
		}
		expect(names()).toEqual(['idle']);
		vi.advanceTimersByTime(300);
		print('thinking');
		expect(last()!.state).toBe('working');
	});

	it('says nothing after its end', () => {
		print('working');
		tracker.close();
		print(status('state=error'));
		vi.advanceTimersByTime(QUIET_MS * 2);
		expect(names()).toEqual(['working']);
	});
});

describe('a command', () => {
	it('works for as long as it runs', async () => {
		const seen: string[] = [];
		const command = createStateTracker({ stateFrom: 'process', pid: 1, onChange: ({ state }) => seen.push(state) });
		await Promise.resolve();
		command.output(5);
		command.report({ kind: 'bell' });
		expect(seen).toEqual(['working']);
		command.close();
	});
});
