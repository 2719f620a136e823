/** What is known of the conversation, gathered from several messages and told when it changed. */
import { objects, string, strings, type Loose } from '$lib/agents/loose';
import { PermissionMode } from '$lib/protocol/agent';
import type { AgentSession } from '$lib/protocol/chat';
import type { AdapterOptions } from '../adapter';

const MODES: PermissionMode[] = ['default', 'acceptEdits', 'plan', 'bypassPermissions'];

interface SessionKeeper {
	/** The answer to `initialize`. */
	initialized(response: Loose): void;
	/** `system/init`, which comes with each turn. */
	began(line: Loose): void;
	/** @param resolved the model's full name, where the agent said it */
	modelChanged(model: string, resolved?: string): void;
	modeChanged(mode: unknown): void;
	idChanged(agentSessionId: string): void;
	commandsChanged(commands: unknown): void;
}

export function createSession(
	options: Pick<AdapterOptions, 'cwd' | 'conversation' | 'model' | 'permissionMode'>,
	tell: (session: AgentSession) => void
): SessionKeeper {
	let session: AgentSession = {
		agentSessionId: options.conversation.agentSessionId ?? '',
		model: options.model,
		cwd: options.cwd,
		tools: [],
		permissionMode: options.permissionMode,
		commands: [],
		models: [],
		permissionModes: MODES
	};
	/** Full names of models by the short ones that a person chooses from. */
	const fullNames = new Map<string, string>();
	let told = '';

	function update(changes: Partial<AgentSession>): void {
		session = { ...session, ...changes };
		const now = JSON.stringify(session);
		// Without an id nobody could continue it.
		if (now === told || session.agentSessionId === '') return;
		told = now;
		tell(session);
	}

	/** The name to choose it by, if it has one; the chosen one if several stand for the same model. */
	function shortName(fullName: string): string {
		if (session.model !== null && (fullNames.get(session.model) ?? session.model) === fullName) return session.model;
		return [...fullNames].find(([, full]) => full === fullName)?.[0] ?? fullName;
	}

	return {
		initialized(response) {
			const models = objects(response.models).flatMap((model) => {
				const id = string(model.value);
				if (id === undefined) return [];
				fullNames.set(id, string(model.resolvedModel) ?? id);
				const description = string(model.description);
				return [{ id, name: string(model.displayName) ?? id, ...(description !== undefined && { description }) }];
			});
			update({ commands: commandsOf(response.commands), models, ...modeOf(response.current_permission_mode) });
		},
		began(line) {
			const model = string(line.model);
			update({
				agentSessionId: string(line.session_id) ?? session.agentSessionId,
				cwd: string(line.cwd) ?? session.cwd,
				tools: strings(line.tools),
				...(model !== undefined && { model: shortName(model) }),
				...modeOf(line.permissionMode)
			});
		},
		modelChanged(model, resolved) {
			if (resolved !== undefined) fullNames.set(model, resolved);
			update({ model });
		},
		modeChanged: (mode) => update(modeOf(mode)),
		idChanged(agentSessionId) {
			if (agentSessionId !== '') update({ agentSessionId });
		},
		commandsChanged: (commands) => update({ commands: commandsOf(commands) })
	};
}

function commandsOf(commands: unknown): AgentSession['commands'] {
	return objects(commands).flatMap((command) => {
		const name = string(command.name);
		return name === undefined ? [] : [{ name, description: string(command.description) ?? '' }];
	});
}

/** It has modes that we have no word for. */
function modeOf(mode: unknown): Partial<AgentSession> {
	if (string(mode) === undefined) return {};
	const known = PermissionMode.safeParse(mode);
	return { permissionMode: known.success ? known.data : null };
}
