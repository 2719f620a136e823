import { codeForStatus, statusOf, toProblem, type CoppiceError } from '$lib/protocol/errors';

const PROBLEM = 'application/problem+json';

/** The one shape in which every failure leaves the API. */
export function problemResponse({ code, message, issues }: CoppiceError): Response {
	return new Response(JSON.stringify(toProblem(code, message, issues)), {
		status: statusOf(code),
		headers: { 'content-type': PROBLEM }
	});
}

/** The problem that stands for an error which SvelteKit answered by itself: a wrong method, an address it can't read. */
export function frameworkProblem(response: Response): Response {
	const { status, headers } = response;
	const code = codeForStatus(status);
	const detail = status === 405 ? 'This address does not take that method.' : 'The request can not be understood.';
	const allow = headers.get('allow');
	return new Response(JSON.stringify({ ...toProblem(code, detail), status }), {
		status,
		headers: { 'content-type': PROBLEM, ...(allow && { allow }) }
	});
}

export function isProblem({ headers }: Response): boolean {
	return headers.get('content-type') === PROBLEM;
}
