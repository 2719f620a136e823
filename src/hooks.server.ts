import { redirect, type Handle, type HandleServerError, type ServerInit } from '@sveltejs/kit';
import { CoppiceError, codeForStatus } from '$lib/protocol/errors';
import { signInAddress } from '$lib/protocol/sign-in-address';
import type { Caller } from '$lib/server/auth/authenticate';
import { frameworkProblem, isProblem, problemResponse } from '$lib/server/http/problem';
import { live } from '$lib/server/live';

/** Pages and endpoints for those who are not signed in yet. */
const OPEN = new Set(['/login', '/api/health', '/api/auth/login']);

const HEADERS = {
	'x-content-type-options': 'nosniff',
	'x-frame-options': 'DENY',
	'referrer-policy': 'no-referrer',
	'cross-origin-opener-policy': 'same-origin',
	'cross-origin-resource-policy': 'same-origin'
};

export const init: ServerInit = async () => {
	await live();
};

export const handle: Handle = async ({ event, resolve }) => {
	const { app, door } = await live();
	event.locals.app = app.context;
	event.locals.auth = app.auth;
	let response: Response;
	try {
		door.mustHaveAdmitted(event.request.headers);
		event.locals.caller = admit(event);
		response = await resolve(event);
		if (isApi(event.url) && response.status >= 400 && !isProblem(response)) response = frameworkProblem(response);
	} catch (error) {
		if (!(error instanceof CoppiceError)) throw error;
		response = problemResponse(error);
	}
	for (const [name, value] of Object.entries(HEADERS)) response.headers.set(name, value);
	if (isApi(event.url)) response.headers.set('cache-control', 'no-store');
	return response;
};

/**
 * Lets a request in and says whose it is, or why not. The door has seen that it is meant for us.
 * @throws CoppiceError `forbidden`, `unauthorized`; a redirect to the sign-in page for a page
 */
function admit({ request, url, locals }: Parameters<Handle>[0]['event']): Caller | null {
	const caller = locals.auth.authenticate({
		cookie: request.headers.get('cookie'),
		authorization: request.headers.get('authorization')
	});
	if (!caller && !OPEN.has(url.pathname)) {
		if (isApi(url)) throw new CoppiceError('unauthorized', 'Sign in first, or send the key as a bearer token.');
		redirect(303, signInAddress(url.pathname + url.search));
	}
	if (caller === 'browser' && !request.headers.has('origin') && changesSomething(request)) {
		throw new CoppiceError('forbidden', 'A change with a cookie needs the Origin of the page that asks for it.');
	}
	return caller;
}

function changesSomething({ method }: Request): boolean {
	return method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
}

function isApi({ pathname }: URL): boolean {
	return pathname.startsWith('/api/');
}

export const handleError: HandleServerError = ({ error, status, message }) => {
	if (status >= 500) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
	return { message, code: codeForStatus(status) };
};
