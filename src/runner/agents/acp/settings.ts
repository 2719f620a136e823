/** An agent's modes and models, wherever it keeps them: in its options, which come first, or in lists of their own. */
import type { PermissionMode } from '$lib/protocol/agent';
import type { AgentSession } from '$lib/protocol/chat';
import { meaningOf, modeFor, STAND_INS, type AgentMode } from './modes';
import type { ConfigOption, SessionOpened } from './wire';

/** The request that changes a setting. */
export interface Change {
	readonly method: string;
	readonly params: Readonly<Record<string, string>>;
	readonly value: string;
}

export interface Settings {
	/** What an answer or an update says of them; what it does not speak of stays. */
	update(news: Partial<Pick<SessionOpened, 'modes' | 'models' | 'configOptions'>>): void;
	/** False when it was in that mode already. */
	modeChanged(modeId: string): boolean;
	modelChanged(model: string): void;
	/** What is known, for the session. */
	known(): Pick<AgentSession, 'model' | 'models' | 'permissionModes'> & { permissionMode: PermissionMode | null };
	/** Null when the agent has no such mode, `current` when it is in it already. */
	toMode(mode: PermissionMode): Change | 'current' | null;
	toModel(model: string): Change | 'current' | null;
}

export function createSettings(): Settings {
	let options: readonly ConfigOption[] = [];
	let modes: SessionOpened['modes'] = null;
	let models: SessionOpened['models'] = null;
	const option = (category: string) =>
		options.find((candidate) => candidate.category === category) ?? options.find(({ id }) => id === category);

	const modeList = (): readonly AgentMode[] =>
		option('mode')?.options.map(({ value, name }) => ({ id: value, name })) ?? modes?.availableModes ?? [];
	const currentMode = () => option('mode')?.currentValue ?? modes?.currentModeId ?? null;
	const currentModel = () => option('model')?.currentValue ?? models?.currentModelId ?? null;

	return {
		update(news) {
			options = news.configOptions ?? options;
			modes = news.modes ?? modes;
			models = news.models ?? models;
		},
		modeChanged(modeId) {
			const isNew = modeId !== currentMode();
			if (modes) modes = { ...modes, currentModeId: modeId };
			options = options.map((other) => (other === option('mode') ? { ...other, currentValue: modeId } : other));
			return isNew;
		},
		modelChanged(model) {
			if (models) models = { ...models, currentModelId: model };
			options = options.map((other) => (other === option('model') ? { ...other, currentValue: model } : other));
		},
		known() {
			const list = modeList();
			const current = currentMode();
			const had = (['default', 'plan', 'acceptEdits', 'bypassPermissions'] as const).filter(
				// An agent without modes is as its user configured it.
				(mode) => modeFor(mode, list) || STAND_INS.includes(mode) || (mode === 'default' && list.length === 0)
			);
			return {
				model: currentModel(),
				models:
					option('model')?.options.map(({ value, name, description }) => agentModel(value, name, description)) ??
					models?.availableModels.map(({ modelId, name, description }) => agentModel(modelId, name, description)) ??
					[],
				permissionModes: had,
				permissionMode: current === null ? null : meaningOf(current, list)
			};
		},
		toMode(mode): Change | 'current' | null {
			const wanted = modeFor(mode, modeList());
			if (!wanted) return null;
			if (wanted.id === currentMode()) return 'current';
			const config = option('mode');
			return config
				? { method: 'session/set_config_option', params: { configId: config.id, value: wanted.id }, value: wanted.id }
				: { method: 'session/set_mode', params: { modeId: wanted.id }, value: wanted.id };
		},
		toModel(model): Change | 'current' | null {
			if (model === currentModel()) return 'current';
			const config = option('model');
			if (config)
				return { method: 'session/set_config_option', params: { configId: config.id, value: model }, value: model };
			return models ? { method: 'session/set_model', params: { modelId: model }, value: model } : null;
		}
	};
}

function agentModel(id: string, name: string, description: string | null | undefined) {
	return { id, name: name || id, ...(description && { description }) };
}
