/** What is worth a line in a conversation and is no message. */
import { count, number, object, string, type Loose } from '$lib/agents/loose';
import type { Notice } from '$lib/protocol/chat';

/** @param line of type `system` or `rate_limit_event` */
export function noticeOf(line: Loose): Notice | undefined {
	if (line.type === 'rate_limit_event') return limitNotice(object(line.rate_limit_info) ?? {});
	switch (line.subtype) {
		case 'api_retry':
			return { kind: 'retry', text: retryText(line) };
		case 'compact_boundary': {
			const before = count(object(line.compact_metadata)?.pre_tokens);
			const size = before > 0 ? ` It had ${before.toLocaleString('en')} tokens.` : '';
			return { kind: 'compacted', text: `The agent has shortened the conversation.${size}` };
		}
		case 'informational': {
			const text = string(line.content);
			return text ? { kind: line.level === 'warning' ? 'warning' : 'info', text } : undefined;
		}
		case 'model_refusal_fallback':
		case 'model_refusal_no_fallback': {
			const text = string(line.content);
			return text ? { kind: 'warning', text } : undefined;
		}
		default:
			return undefined;
	}
}

function retryText(line: Loose): string {
	const status = number(line.error_status);
	const why =
		status === undefined
			? "The connection to the model's service failed."
			: `The model's service answered with error ${status}.`;
	const seconds = Math.max(1, Math.round(count(line.retry_delay_ms) / 1000));
	return `${why} Trying again in ${seconds} s (${count(line.attempt)} of ${count(line.max_retries)}).`;
}

function limitNotice(info: Loose): Notice | undefined {
	if (info.status !== 'allowed_warning' && info.status !== 'rejected') return undefined;
	const used = number(info.utilization);
	const share = used === undefined ? '' : ` (${Math.round(used <= 1 ? used * 100 : used)} %)`;
	const resetsAt = number(info.resetsAt);
	const until =
		resetsAt === undefined ? '' : ` It ends at ${new Date(resetsAt * 1000).toISOString().slice(0, 16)} UTC.`;
	return {
		kind: 'warning',
		text:
			info.status === 'rejected'
				? `The account's limit is reached.${until}`
				: `The account's limit is near${share}.${until}`
	};
}
