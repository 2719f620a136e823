/** Those of `fields` that have a value and are not as they were. */
export function changedFields<Known extends object>(known: Known, fields: Partial<Known>): Partial<Known> {
	const before = known as Record<string, unknown>;
	const news = Object.entries(fields).filter(
		([name, value]) => value !== undefined && JSON.stringify(value) !== JSON.stringify(before[name])
	);
	return Object.fromEntries(news) as Partial<Known>;
}
