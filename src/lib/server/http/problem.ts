import { statusOf, toProblem, type CoppiceError } from '$lib/protocol/errors';

/** The one shape in which every failure leaves the API. */
export function problemResponse({ code, message, issues }: CoppiceError): Response {
	return new Response(JSON.stringify(toProblem(code, message, issues)), {
		status: statusOf(code),
		headers: { 'content-type': 'application/problem+json' }
	});
}
