import type { Notice } from '$lib/protocol/chat';
import { ErrorNotice, McpStartup, ModelRerouted, Warning } from './wire';

/** What is worth a line in the conversation; null for everything else. */
export function noticeOf(method: string, params: unknown): Notice | null {
	switch (method) {
		case 'error': {
			const { data } = ErrorNotice.safeParse(params);
			if (!data?.willRetry) return null;
			const { message, additionalDetails } = data.error;
			return { kind: 'retry', text: additionalDetails ? `${message} ${additionalDetails}` : message };
		}
		case 'warning':
		case 'guardianWarning':
		case 'configWarning': {
			const { data } = Warning.safeParse(params);
			const text = [data?.message ?? data?.summary, data?.details].filter(Boolean).join(' ');
			return text === '' ? null : { kind: 'warning', text };
		}
		case 'model/rerouted': {
			const { data } = ModelRerouted.safeParse(params);
			return data ? { kind: 'info', text: `${data.toModel} answers in place of ${data.fromModel}.` } : null;
		}
		case 'mcpServer/startupStatus/updated': {
			const { data } = McpStartup.safeParse(params);
			if (data?.status !== 'failed') return null;
			return { kind: 'warning', text: `The MCP server ${data.name} did not start. ${data.error ?? ''}`.trim() };
		}
		default:
			return null;
	}
}
