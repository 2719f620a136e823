/** What an agent's signals, each in its own convention, say about its state. Null: nothing. */
import type { ProgramStatus } from '../terminal/program-report';
import { plainText } from '../terminal/program-report';

export type ObservedState = {
	state: 'working' | 'needs_input' | 'idle' | 'error';
	detail: string | null;
	errorMessage: string | null;
};

function observed(state: ObservedState['state'], detail: string | null = null): ObservedState {
	return { state, detail, errorMessage: null };
}

/** `state=clear` has no state of its own: the caller drops what it knew. */
export function fromProgramStatus(status: ProgramStatus): ObservedState | null {
	switch (status.state) {
		case 'working':
			return observed('working', status.message ?? status.title);
		case 'blocked':
			return observed('needs_input', status.message ?? status.title ?? status.blockedOn);
		case 'idle':
		case 'done':
			return observed('idle', status.message);
		case 'error':
			return {
				state: 'error',
				detail: null,
				errorMessage: status.message ?? status.title ?? 'The agent reports an error'
			};
		case 'clear':
			return null;
	}
}

/** Reads the body of one of the agent's hooks, whose fields are the agent's to name and to leave out. */
export function fromHook(body: Record<string, unknown>): ObservedState | null {
	switch (body.hook_event_name) {
		case 'SessionStart':
			// A compaction is in the midst of a turn.
			return body.source === 'compact' ? null : observed('idle');
		case 'UserPromptSubmit':
		case 'PreToolUse':
		case 'PostToolUse':
			return observed('working');
		case 'PermissionRequest':
			return observed('needs_input', permissionDetail(body));
		case 'Notification':
			return fromNotification(body);
		case 'Stop':
		case 'Interrupt':
		case 'SessionEnd':
			return observed('idle');
		case 'StopFailure':
			return {
				state: 'error',
				detail: null,
				errorMessage: text(body.error) ?? text(body.message) ?? 'The turn failed'
			};
		default:
			return null;
	}
}

function fromNotification(body: Record<string, unknown>): ObservedState | null {
	switch (body.notification_type) {
		case 'permission_prompt':
		case 'elicitation_dialog':
			return observed('needs_input', text(body.message));
		case 'idle_prompt':
			return observed('idle');
		default:
			return null;
	}
}

function permissionDetail(body: Record<string, unknown>): string | null {
	const tool = text(body.tool_name);
	if (tool === null) return null;
	const input = typeof body.tool_input === 'object' && body.tool_input !== null ? body.tool_input : {};
	const { command, file_path: path } = input as Record<string, unknown>;
	const what = text(command) ?? text(path);
	return what === null ? tool : plainText(`${tool}: ${what}`);
}

function text(value: unknown): string | null {
	return typeof value === 'string' ? plainText(value) : null;
}

/** The signs that agents put in front of their window titles. */
export function fromTitle(title: string): ObservedState | null {
	if (/^✋/u.test(title)) return observed('needs_input', afterSign(title));
	if (/^\[ [!.] \] Action Required/u.test(title)) return observed('needs_input', 'Action Required');
	// A sparkle, half moons or a braille spinner.
	if (/^(✦|[◐◑◒◓]|[\u2801-\u28ff])/u.test(title)) return observed('working');
	if (/^(◇|✳)/u.test(title)) return observed('idle');
	return null;
}

function afterSign(title: string): string | null {
	return plainText([...title].slice(1).join(''));
}
