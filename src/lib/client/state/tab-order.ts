/** Ids in the order that was chosen for them; those never placed come last, in their own order. */
export function inChosenOrder<Entry extends { id: string }>(
	entries: readonly Entry[],
	order: readonly string[]
): Entry[] {
	const places = new Map(order.map((id, index) => [id, index]));
	const place = ({ id }: Entry) => places.get(id) ?? order.length;
	return [...entries].sort((a, b) => place(a) - place(b));
}
