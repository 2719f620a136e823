const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** An age in milliseconds as "41s", "2m", "1h", "2d", "9w". A clock that runs ahead gives "0s". */
export function shortAge(ms: number): string {
	const { count, unit } = split(ms);
	return `${count}${unit}`;
}

/** An age in milliseconds as "41 s", "2 min", "1 h", "2 d". */
export function longAge(ms: number): string {
	const { count, unit } = split(ms);
	return `${count} ${unit === 'm' ? 'min' : unit}`;
}

/** A moment in the past as "just now", "3 h ago", "yesterday", "6 days ago". */
export function agoInWords(ms: number): string {
	if (ms < MINUTE) return 'just now';
	if (ms < DAY) return `${longAge(ms)} ago`;
	const days = Math.floor(ms / DAY);
	if (days === 1) return 'yesterday';
	if (days < 14) return `${days} days ago`;
	return `${Math.floor(days / 7)} weeks ago`;
}

function split(ms: number): { count: number; unit: 's' | 'm' | 'h' | 'd' | 'w' } {
	const age = Math.max(0, ms);
	if (age < MINUTE) return { count: Math.floor(age / SECOND), unit: 's' };
	if (age < HOUR) return { count: Math.floor(age / MINUTE), unit: 'm' };
	if (age < DAY) return { count: Math.floor(age / HOUR), unit: 'h' };
	if (age < 14 * DAY) return { count: Math.floor(age / DAY), unit: 'd' };
	return { count: Math.floor(age / (7 * DAY)), unit: 'w' };
}
