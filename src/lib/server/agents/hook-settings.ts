/** Settings in Claude Code's format, by which an agent reports its states through our hook program. */

/** Each one that changes a state; one for each tool's start would tell nothing more, and costs a process. */
const REPORTED = [
	'SessionStart',
	'UserPromptSubmit',
	'PermissionRequest',
	'PostToolUse',
	'Notification',
	'Stop',
	'StopFailure',
	'SessionEnd'
];

/** The agent hands the command to a shell, so it is quoted for one. */
export function hookSettings(program: readonly string[]): string {
	const command = program.map(quote).join(' ');
	// In the background, so that the agent never waits for us.
	const hook = { type: 'command', command, timeout: 5, async: true };
	return JSON.stringify({ hooks: Object.fromEntries(REPORTED.map((event) => [event, [{ hooks: [hook] }]])) });
}

function quote(word: string): string {
	return `'${word.replaceAll("'", "'\\''")}'`;
}
