/** The fields in which `after` differs from `before`; null when there are none. Values are compared as JSON. */
export function changedFields<Value extends object>(before: Value, after: Value): Partial<Value> | null {
	const changed: Partial<Value> = {};
	for (const key of Object.keys(after) as (keyof Value)[]) {
		if (before[key] === after[key]) continue;
		if (JSON.stringify(before[key]) !== JSON.stringify(after[key])) changed[key] = after[key];
	}
	return Object.keys(changed).length > 0 ? changed : null;
}
