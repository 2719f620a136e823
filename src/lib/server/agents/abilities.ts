/** What an agent can't do, said in one way wherever it is asked for. */
import type { AgentDefinition, Interface, PermissionMode } from '$lib/protocol/agent';
import { CoppiceError } from '$lib/protocol/errors';
import { permissionModesOf } from '$lib/protocol/permission-modes';

/** @throws CoppiceError `unsupported` */
export function mustHaveInterface(
	{ name, interfaces }: Pick<AgentDefinition, 'name' | 'interfaces'>,
	wanted: Interface
): void {
	if (interfaces.includes(wanted)) return;
	throw new CoppiceError(
		'unsupported',
		wanted === 'chat' ? `${name} can't be driven as a chat.` : `${name} has no terminal interface.`
	);
}

/** Whichever way it is driven. @throws CoppiceError `unsupported` */
export function mustHavePermissionMode(agent: AgentDefinition, wanted: PermissionMode): void {
	if (!permissionModesOf(agent).includes(wanted)) throw hasNoMode(agent, wanted);
}

export function hasNoMode({ name }: Pick<AgentDefinition, 'name'>, mode: PermissionMode): CoppiceError {
	return new CoppiceError('unsupported', `${name} has no permission mode "${mode}".`);
}
