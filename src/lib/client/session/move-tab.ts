/** The order with one tab moved to a place; a place outside of it is the nearest end. */
export function moveTab(order: readonly string[], id: string, place: number): string[] {
	const others = order.filter((other) => other !== id);
	const at = Math.min(others.length, Math.max(0, place));
	return [...others.slice(0, at), id, ...others.slice(at)];
}
