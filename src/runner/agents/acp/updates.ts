/** What an agent tells while it works, by kind of update. A kind that is not known is no error. */
import type { AgentSession, Notice } from '$lib/protocol/chat';
import type { AgentEvent } from '../adapter';
import type { AcpMessages } from './messages';
import type { Settings } from './settings';
import type { AcpToolCalls } from './tool-calls';
import type { UsageMeter } from './usage';
import * as wire from './wire';

interface UpdatesOptions {
	readonly messages: AcpMessages;
	readonly calls: AcpToolCalls;
	readonly settings: Settings;
	readonly usage: UsageMeter;
	isInTurn(): boolean;
	emit(event: AgentEvent): void;
	onCommands(commands: AgentSession['commands']): void;
	onModeChange(modeId: string): void;
	onSettingsChange(): void;
}

export interface Updates {
	/** What is repeated of an earlier conversation is in the log already: only the agent's settings are new. */
	take(update: { sessionUpdate: string }, isRepeated: boolean): void;
}

export function createUpdates(options: UpdatesOptions): Updates {
	const { messages, calls, settings, usage, emit } = options;

	function takeSetting(update: { sessionUpdate: string }): boolean {
		switch (update.sessionUpdate) {
			case 'available_commands_update': {
				const { data } = wire.CommandsUpdate.safeParse(update);
				if (data) options.onCommands(data.availableCommands);
				return true;
			}
			case 'current_mode_update': {
				const { currentModeId } = update as { currentModeId?: unknown };
				if (typeof currentModeId === 'string') options.onModeChange(currentModeId);
				return true;
			}
			case 'config_option_update': {
				const { data } = wire.SessionOpened.safeParse(update);
				if (data) settings.update(data);
				options.onSettingsChange();
				return true;
			}
			case 'usage_update': {
				const { data } = wire.UsageUpdate.safeParse(update);
				if (data) usage.update(data);
				return true;
			}
			default:
				return false;
		}
	}

	function takeChunk(role: 'assistant' | 'thinking', update: unknown): void {
		const { data } = wire.Chunk.safeParse(update);
		// Between turns some agents write remarks for a log.
		if (!data || !options.isInTurn()) return;
		const { parentToolUseId } = (data._meta?.claudeCode ?? {}) as { parentToolUseId?: unknown };
		messages.add(role, data, typeof parentToolUseId === 'string' ? calls.idOf(parentToolUseId) : undefined);
	}

	return {
		take(update, isRepeated) {
			if (takeSetting(update) || isRepeated) return;
			switch (update.sessionUpdate) {
				case 'agent_message_chunk':
					return takeChunk('assistant', update);
				case 'agent_thought_chunk':
					return takeChunk('thinking', update);
				case 'tool_call':
				case 'tool_call_update': {
					const { data } = wire.ToolCallUpdate.safeParse(update);
					if (!data) return;
					if (!calls.has(data.toolCallId)) messages.finish();
					calls.upsert(data, update.sessionUpdate === 'tool_call');
					return;
				}
				case 'plan': {
					const { data } = wire.PlanUpdate.safeParse(update);
					messages.finish();
					if (data) emit({ type: 'plan', plan: data });
					return;
				}
				case 'notice': {
					const { data } = wire.NoticeUpdate.safeParse(update);
					const text = data?.message ?? data?.text;
					if (text) emit({ type: 'notice', notice: { kind: noticeKind(data?.level ?? data?.severity, text), text } });
					return;
				}
				case 'compaction_completed':
				case 'compaction_end':
					return emit({ type: 'notice', notice: { kind: 'compacted', text: 'The conversation was made shorter.' } });
			}
		}
	};
}

function noticeKind(level: string | null | undefined, text: string): Notice['kind'] {
	if (/\b(try|trying|retry|retrying) again\b|\bretry|\breconnect/i.test(text)) return 'retry';
	return level === 'warning' || level === 'error' ? 'warning' : 'info';
}
