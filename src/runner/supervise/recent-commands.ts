/** Answers a repeated command with what the first one did. */
const REMEMBERED = 1000;

export class RecentCommands {
	readonly #answers = new Map<string, Promise<unknown>>();

	/** Runs it, unless a command with that id was run not long ago. */
	once<Answer>(commandId: string, run: () => Promise<Answer>): Promise<Answer> {
		const known = this.#answers.get(commandId);
		// One id stands for one command, so its answer is of this command's type.
		if (known) return known as Promise<Answer>;
		const answer = run();
		this.#answers.set(commandId, answer);
		if (this.#answers.size > REMEMBERED) this.#answers.delete(this.#answers.keys().next().value!);
		return answer;
	}
}
