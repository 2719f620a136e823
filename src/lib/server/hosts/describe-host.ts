import type { Host } from '$lib/protocol/app-socket';
import type { ServerConfig } from '../config';
import type { LinkStatus } from '../runner/runner-link';

/** This machine and its runner, as pages show them. */
export function describeHost(
	{ hostId, hostName }: Pick<ServerConfig, 'hostId' | 'hostName'>,
	{ online, pid, problem }: LinkStatus
): Host {
	return { id: hostId, name: hostName, online, problem, runnerPid: pid };
}
