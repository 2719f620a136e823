/** Ends an exhaustive switch: a new member of the union is a type error at every switch that forgot it. */
export function assertNever(value: never): never {
	throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
