/** Remembers what was found of each agent, and asks a program again only when its file has changed. */
import { isDeepStrictEqual } from 'node:util';
import type { AgentDefinition } from '$lib/protocol/agent';
import { NOT_LOOKED_YET, detectVersion, findProgram, fingerprint, type DetectOptions, type Detection } from './detect';
import { readUserPath } from './user-path';

/** Asking a shell for its PATH costs a start of it, and what it answers seldom changes. */
const PATH_MAX_AGE_MS = 60_000;

export interface Detector {
	/** As of the last look. */
	known(id: string): Detection;
	look(definition: AgentDefinition): Promise<void>;
	forget(id: string): void;
	/** The absolute path of an agent's program now; null when it is not installed. */
	findProgram(definition: AgentDefinition): Promise<string | null>;
	userPath(): Promise<string>;
}

interface Known {
	detection: Detection;
	/** Of the program that was asked. */
	fingerprint: string | null;
	env: AgentDefinition['env'];
}

export function createDetector(deps: { env: NodeJS.ProcessEnv; now: () => Date; hostName: string }): Detector {
	const known = new Map<string, Known>();
	/** The number of each agent's latest look: an earlier one that ends later says nothing. */
	const looks = new Map<string, number>();
	let path: { text: Promise<string>; readAt: number } | null = null;

	function userPath(): Promise<string> {
		const time = deps.now().getTime();
		if (!path || time - path.readAt > PATH_MAX_AGE_MS) path = { text: readUserPath(deps.env), readAt: time };
		return path.text;
	}

	async function look(definition: AgentDefinition): Promise<void> {
		const { id } = definition;
		const number = (looks.get(id) ?? 0) + 1;
		looks.set(id, number);
		const found = await find(definition);
		if (looks.get(id) === number) known.set(id, found);
	}

	async function find(definition: AgentDefinition): Promise<Known> {
		const { id, env: added } = definition;
		const options = await optionsFor(definition);
		const program = await findProgram(definition, options);
		if (program.path === null) {
			return { detection: { ...NOT_LOOKED_YET, problem: program.problem }, fingerprint: null, env: added };
		}
		const print = await fingerprint(program.path);
		const before = known.get(id);
		if (before && print !== null && before.fingerprint === print && isDeepStrictEqual(before.env, added)) return before;
		const detection = await detectVersion(program.path, options);
		// One that failed may do better the next time.
		return { detection, fingerprint: detection.problem === null ? print : null, env: added };
	}

	async function optionsFor({ env: added }: AgentDefinition): Promise<DetectOptions> {
		return { env: deps.env, added, path: added.PATH ?? (await userPath()), hostName: deps.hostName };
	}

	return {
		known: (id) => known.get(id)?.detection ?? NOT_LOOKED_YET,
		look,
		forget(id) {
			known.delete(id);
			looks.delete(id);
		},
		userPath,
		findProgram: async (definition) => (await findProgram(definition, await optionsFor(definition))).path
	};
}
