/** What an agent's error means to a person, and what to do about it. */
import type { Failure, FailureKind } from '$lib/protocol/chat';

/** Characters of the agent's own words that are kept. */
const MAX_WORDS = 500;

interface Meaning {
	readonly kind: FailureKind;
	readonly says: string;
	readonly advice: string;
}

const MEANINGS = {
	notInstalled: {
		kind: 'not_installed',
		says: 'The agent is not installed.',
		advice: 'Install it, or set where its program is in the settings of agents.'
	},
	notLoggedIn: {
		kind: 'not_logged_in',
		says: 'The agent is not signed in, or its key is not accepted.',
		advice: 'Sign in with the agent in a terminal on this machine, then send the message again.'
	},
	notAllowed: {
		kind: 'not_logged_in',
		says: 'The account is not allowed to do this.',
		advice: 'Sign in with another account in a terminal, or choose another model.'
	},
	noCredit: {
		kind: 'rate_limited',
		says: 'The account has no credit left.',
		advice: 'Add credit, or sign in with another account.'
	},
	wrongModel: {
		kind: 'wrong_model',
		says: 'The model does not exist, or this account may not use it.',
		advice: 'Choose another model.'
	},
	rateLimited: {
		kind: 'rate_limited',
		says: "The account's limit is reached.",
		advice: 'Wait until the limit ends, then send the message again.'
	},
	contextTooLong: {
		kind: 'context_too_long',
		says: 'The conversation has become too long for the model.',
		advice: 'Let the agent shorten it (/compact, where it has that command), or begin a new conversation.'
	},
	overloaded: {
		kind: 'overloaded',
		says: "The model's service is overloaded or has a fault.",
		advice: 'Send the message again in a minute.'
	},
	network: {
		kind: 'network',
		says: "The model's service can't be reached.",
		advice: 'Check the network of this machine, then send the message again.'
	},
	conversationLost: {
		kind: 'conversation_lost',
		says: 'The agent does not know this conversation any more.',
		advice: 'Begin a new conversation.'
	}
} as const satisfies Record<string, Meaning>;

/** In this order: the words say more than the status, a status more than words about a connection. */
const CUES: readonly [RegExp, Meaning][] = [
	[
		/no conversation found|(thread|session|conversation|rollout) (was )?not found|no rollout found/i,
		MEANINGS.conversationLost
	],
	[
		/prompt is too long|context.?(window|length)|context_length_exceeded|maximum context|input is too long|too many (input )?tokens|request_too_large|exceeds? the (maximum|context)/i,
		MEANINGS.contextTooLong
	],
	[
		/credit balance|billing|insufficient.?(quota|credit|funds)|out of (usage )?credits|payment required/i,
		MEANINGS.noCredit
	],
	[
		/model_not_found|not_found_error.*model|(unknown|invalid|unsupported) model|model\b.{0,80}\b(not (exist|found|supported|available|accessible)|does not exist|may not exist)|issue with the selected model|invalid model/i,
		MEANINGS.wrongModel
	],
	[
		/rate.?limit|too many requests|usage limit|quota|(hit|reached) your\b.{0,40}\blimit|resource.?exhausted/i,
		MEANINGS.rateLimited
	],
	[
		/not logged in|(please )?(run|use) `?\/login|log ?in (again|required)|authenticat|unauthorized|invalid.{0,10}api.?key|api.?key.{0,20}(invalid|missing|not set)|no api key|(token|credentials?).{0,20}(expired|revoked|invalid)/i,
		MEANINGS.notLoggedIn
	]
];

const STATUSES: ReadonlyMap<number, Meaning> = new Map<number, Meaning>([
	[401, MEANINGS.notLoggedIn],
	[402, MEANINGS.noCredit],
	[403, MEANINGS.notAllowed],
	[404, MEANINGS.wrongModel],
	[408, MEANINGS.network],
	[413, MEANINGS.contextTooLong],
	[429, MEANINGS.rateLimited]
]);

const LATE_CUES: readonly [RegExp, Meaning][] = [
	[
		/overloaded|server error|internal error from the (api|model)|service unavailable|bad gateway|temporarily unavailable/i,
		MEANINGS.overloaded
	],
	[
		/ECONN\w+|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|getaddrinfo|fetch failed|socket hang up|connection (error|refused|reset|closed|lost|failed)|(unable|failed) to connect|timed? ?out|stream disconnected|error sending request|network|certificate/i,
		MEANINGS.network
	],
	[/command not found|spawn .*ENOENT/i, MEANINGS.notInstalled]
];

/**
 * @param words what the agent or its API said
 * @param status HTTP status of the agent's API, where known
 */
export function classifyFailure(words: string, status?: number | null): Failure {
	const meaning =
		find(CUES, words) ??
		(status ? (STATUSES.get(status) ?? (status >= 500 ? MEANINGS.overloaded : undefined)) : undefined) ??
		find(LATE_CUES, words);
	const said = shortened(words);
	if (!meaning) return { kind: 'other', message: said || 'The agent failed and did not say why.', advice: null };
	return failure(meaning, said);
}

/** For an error whose kind the agent names itself. */
export function failureOfKind(kind: Exclude<FailureKind, 'crashed' | 'other'>, words = ''): Failure {
	const meaning = Object.values(MEANINGS).find((candidate) => candidate.kind === kind)!;
	return failure(meaning, shortened(words));
}

function failure({ kind, says, advice }: Meaning, words: string): Failure {
	return { kind, message: words ? `${says} The agent says: ${words}` : says, advice };
}

function find(cues: readonly [RegExp, Meaning][], words: string): Meaning | undefined {
	// Where an error goes on for pages, its cause is at the beginning.
	const beginning = words.slice(0, 4000);
	return cues.find(([pattern]) => pattern.test(beginning))?.[1];
}

function shortened(words: string): string {
	const line = words.replace(/\s+/g, ' ').trim();
	return line.length > MAX_WORDS ? `${line.slice(0, MAX_WORDS)}…` : line;
}
