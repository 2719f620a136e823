/** A request as a card shows it, wherever it stands: in a transcript with all that is known, in a queue with what it takes to answer. */
import type { RequestItem } from '$lib/client/chat/transcript';
import type {
	Answered,
	OpenRequest,
	Question,
	RequestAnswer,
	RequestOption,
	ToolKind,
	ToolUpdate
} from '$lib/protocol/chat';
import { subjectOf } from '$lib/protocol/request-subject';

interface Common {
	readonly requestId: string;
	/** As in "claude wants to …". */
	readonly title: string;
	readonly options: readonly RequestOption[];
}

export interface AskedPermission extends Common {
	readonly kind: 'permission';
	/** The command, the path: what it is about, exactly. */
	readonly subject: string | null;
	readonly toolKind: ToolKind | null;
	readonly diff: NonNullable<ToolUpdate['diff']>;
	readonly detail: string | null;
	/** Markdown. */
	readonly plan: string | null;
	readonly takesReason: boolean;
}

export interface AskedQuestions extends Common {
	readonly kind: 'question';
	readonly questions: readonly Question[];
}

export type Asked = AskedPermission | AskedQuestions;

export function askedIn(item: RequestItem): Asked {
	const { requestId, title, options } = item.request;
	if (item.kind === 'question') {
		return { kind: 'question', requestId, title, options, questions: item.request.questions };
	}
	const { call, detail = null, plan = null, takesReason } = item.request;
	const subject = subjectOf(item.request);
	const diff = call?.diff ?? [];
	return {
		kind: 'permission',
		requestId,
		title,
		options,
		subject,
		toolKind: call?.kind ?? null,
		diff,
		detail,
		plan,
		takesReason
	};
}

export function askedBy(request: OpenRequest): Asked {
	const { requestId, title, options, subject, takesReason, questions } = request;
	if (request.kind === 'question') return { kind: 'question', requestId, title, options, questions };
	return {
		kind: 'permission',
		requestId,
		title,
		options,
		subject,
		toolKind: null,
		diff: [],
		detail: null,
		plan: null,
		takesReason
	};
}

export interface Choices {
	/** Y */
	readonly once: RequestOption | null;
	/** The first has A. */
	readonly always: readonly RequestOption[];
	/** N */
	readonly deny: RequestOption | null;
	/** What has no place of its own. */
	readonly others: readonly RequestOption[];
}

export function choicesOf(options: readonly RequestOption[]): Choices {
	const first = (kind: RequestOption['kind']) => options.find((option) => option.kind === kind) ?? null;
	const once = first('allow_once');
	const deny = first('reject_once') ?? first('reject_always');
	const always = options.filter(({ kind }) => kind === 'allow_always');
	const placed = new Set([once, deny, ...always]);
	return { once, always, deny, others: options.filter((option) => !placed.has(option)) };
}

export interface Outcome {
	readonly tone: 'once' | 'always' | 'denied' | 'answered' | 'gone';
	/** "Allowed once", "Denied": who did it comes after it. */
	readonly words: string;
	/** What it was about, or what was said, in the type of code or of text. */
	readonly about: { readonly text: string; readonly isCode: boolean } | null;
}

/** How a request ended, in words; `name` is the agent's. */
export function outcomeOf(asked: Asked, answered: Answered, name: string): Outcome {
	const subject = asked.kind === 'permission' && asked.subject !== null ? code(asked.subject) : null;
	switch (answered.outcome) {
		case 'allowed': {
			const option = asked.options.find(({ optionId }) => optionId === answered.optionId);
			const isPlan = asked.kind === 'permission' && asked.plan !== null;
			if (isPlan) return { tone: 'once', words: 'Plan approved', about: option ? text(option.name) : null };
			if (option?.kind !== 'allow_always') return { tone: 'once', words: 'Allowed once', about: subject };
			const pattern = answered.pattern ?? option.pattern;
			return { tone: 'always', words: 'Always allowed', about: pattern ? code(pattern) : subject };
		}
		case 'denied':
			return { tone: 'denied', words: 'Denied', about: answered.message ? text(`“${answered.message}”`) : subject };
		case 'answered':
			return {
				tone: 'answered',
				words: 'Answered',
				about: text(
					Object.values(answered.answers ?? {})
						.flat()
						.join(', ')
				)
			};
		case 'withdrawn':
			return { tone: 'gone', words: `${name} moved on`, about: subject };
		case 'cancelled':
			return { tone: 'gone', words: 'Stopped before it was answered', about: subject };
	}
}

/** What an answer will come to, to be shown before the log has it. */
export function expectedOutcome(asked: Asked, { optionId, pattern, message, answers }: RequestAnswer): Answered {
	const { requestId } = asked;
	if (answers) return { requestId, outcome: 'answered', answers };
	const option = asked.options.find((candidate) => candidate.optionId === optionId);
	const outcome = option?.kind.startsWith('allow') ? 'allowed' : 'denied';
	const covered = option?.kind === 'allow_always' ? (pattern ?? option.pattern) : undefined;
	return {
		requestId,
		outcome,
		...(optionId !== undefined && { optionId }),
		...(covered !== undefined && { pattern: covered }),
		...(message && { message })
	};
}

const code = (subject: string) => ({ text: subject, isCode: true });
const text = (said: string) => ({ text: said, isCode: false });
