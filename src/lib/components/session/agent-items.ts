import Bot from '@lucide/svelte/icons/bot';
import SquareTerminal from '@lucide/svelte/icons/square-terminal';
import { preferredInterface } from '$lib/client/agent-interfaces';
import type { MenuItem } from '$lib/components/ui/Menu.svelte';
import type { Agent, Interface } from '$lib/protocol/agent';

/** An entry for each way to open each agent: its chat first, where it has one. */
export function agentItems(agents: readonly Agent[], onagent: (agent: Agent, as: Interface) => void): MenuItem[] {
	return agents.flatMap((agent) => {
		const preferred = preferredInterface(agent);
		const ways = [preferred, ...agent.interfaces.filter((other) => other !== preferred)];
		return ways.map((way): MenuItem => ({
			kind: 'action',
			label: agent.name,
			icon: way === 'chat' ? Bot : SquareTerminal,
			detail: agent.available ? (way === 'chat' ? 'chat' : 'terminal') : 'not installed',
			disabled: !agent.available,
			onSelect: () => onagent(agent, way)
		}));
	});
}
