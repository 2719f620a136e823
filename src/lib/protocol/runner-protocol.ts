/** Raised when the two sides would misunderstand each other. The runner outlives upgrades, so it is raised rarely. */
export const RUNNER_PROTOCOL = 1;
