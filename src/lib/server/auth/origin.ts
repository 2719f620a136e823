import { CoppiceError } from '$lib/protocol/errors';
import { isLoopback, type ServerConfig } from '../config';

export interface Addressed {
	host: string | null | undefined;
	origin: string | null | undefined;
}

/**
 * Refuses a request that was not meant for this server: a Host that is not ours (DNS rebinding), or an Origin that is not
 * the page's own. A program sends no Origin and passes.
 * @throws CoppiceError `forbidden`
 */
export function checkAddressed({ host, origin }: Addressed, config: Pick<ServerConfig, 'host' | 'allowedHosts'>): void {
	const name = hostName(host);
	if (!name || !isOurs(name, config)) {
		throw new CoppiceError(
			'forbidden',
			'This server does not answer to that Host. Add it to COPPICE_ALLOWED_HOSTS if it is yours.'
		);
	}
	if (origin && !isSameOrigin(origin, host!)) {
		throw new CoppiceError('forbidden', 'A page from another origin may not use this server.');
	}
}

function isOurs(name: string, { host, allowedHosts }: Pick<ServerConfig, 'host' | 'allowedHosts'>): boolean {
	return (
		isLoopback(name) || name === host.toLowerCase() || allowedHosts.some((allowed) => allowed.toLowerCase() === name)
	);
}

/** The page's origin must name the same host and port that it asks; a proxy in front may have made http of https. */
function isSameOrigin(origin: string, host: string): boolean {
	if (!URL.canParse(origin)) return false;
	const { protocol, host: originHost } = new URL(origin);
	return (protocol === 'http:' || protocol === 'https:') && originHost === new URL(`${protocol}//${host}`).host;
}

/** The name in a Host header, without its port; null when it is none. */
function hostName(host: string | null | undefined): string | null {
	if (!host || /[/@\s\\?#]/.test(host) || !URL.canParse(`http://${host}`)) return null;
	return new URL(`http://${host}`).hostname.toLowerCase();
}
