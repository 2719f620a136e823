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
	const hook = { type: 'command', command: program.map(quote).join(' '), timeout: 5 };
	return JSON.stringify({ hooks: Object.fromEntries(REPORTED.map((event) => [event, [{ hooks: [hook] }]])) });
}

function quote(word: string): string {
	return `'${word.replaceAll("'", "'\\''")}'`;
}
