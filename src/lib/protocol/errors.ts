import { z } from 'zod';
import { describeIssues, inPlainWords, Issue, issuesOf } from './input-issues';

/** One row a code: the HTTP status and the short title that go with it everywhere. */
const ERRORS = {
	not_found: { status: 404, title: 'Not found' },
	invalid: { status: 400, title: 'Invalid request' },
	conflict: { status: 409, title: 'Conflict' },
	unauthorized: { status: 401, title: 'Not signed in' },
	forbidden: { status: 403, title: 'Forbidden' },
	gone: { status: 410, title: 'Gone' },
	path_not_found: { status: 404, title: 'Path not found' },
	not_a_repository: { status: 422, title: 'Not a git repository' },
	branch_exists: { status: 409, title: 'Branch exists' },
	branch_checked_out: { status: 409, title: 'Branch is checked out' },
	worktree_dirty: { status: 409, title: 'Worktree has uncommitted changes' },
	agent_not_found: { status: 404, title: 'Agent not found' },
	worker_not_running: { status: 409, title: 'Worker is not running' },
	turn_in_progress: { status: 409, title: 'A turn is in progress' },
	unsupported: { status: 422, title: 'Not supported' },
	method_not_allowed: { status: 405, title: 'Method not allowed' },
	too_large: { status: 413, title: 'Too large' },
	rate_limited: { status: 429, title: 'Too many requests' },
	runner_unavailable: { status: 503, title: 'The runner does not answer' },
	trimmed: { status: 410, title: 'Trimmed by retention' },
	internal: { status: 500, title: 'Internal error' }
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof ERRORS;
export const ErrorCode = z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]);

/** RFC 9457 problem details, with our stable `code`. */
export const Problem = z
	.object({
		type: z.string(),
		title: z.string(),
		status: z.int(),
		detail: z.string(),
		code: ErrorCode,
		issues: z.array(Issue).optional()
	})
	.meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;

/** An expected failure: a code that programs can rely on and a sentence that people can act on. */
export class CoppiceError extends Error {
	override readonly name = 'CoppiceError';

	constructor(
		readonly code: ErrorCode,
		message: string,
		readonly issues?: Issue[]
	) {
		super(message);
	}
}

export function statusOf(code: ErrorCode): number {
	return ERRORS[code].status;
}

/** The code for a status that a framework raised by itself (an unknown route, a wrong method). */
export function codeForStatus(status: number): ErrorCode {
	const codes = Object.keys(ERRORS) as ErrorCode[];
	return codes.find((code) => ERRORS[code].status === status) ?? (status < 500 ? 'invalid' : 'internal');
}

export function toProblem(code: ErrorCode, detail: string, issues?: Issue[]): Problem {
	const { status, title } = ERRORS[code];
	return { type: 'about:blank', title, status, detail, code, ...(issues && { issues }) };
}

/** Parses what came from outside; a mismatch becomes an `invalid` error that names each field. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
	const result = schema.safeParse(input, { error: inPlainWords });
	if (result.success) return result.data;
	const issues = issuesOf(result.error);
	throw new CoppiceError('invalid', describeIssues(issues), issues);
}
