import { describe } from 'vitest';
import * as scenes from './chat-scenes';
import { installAgents } from './install.js';
import { Stage } from './stage';

const agents = installAgents();
if (agents.problem !== null) console.warn(`Codex is not tried: ${agents.problem}`);

describe.skipIf(agents.problem !== null)('Codex as a chat', () => {
	const stage = new Stage(agents, 'codex');

	scenes.playTalk(stage);
	scenes.playUsage(stage, { knowsContext: true });
	scenes.playPermissions(stage);
	scenes.playPatterns(stage, { wider: 'touch *' });
	scenes.playDenial(stage, { carries: true });
	scenes.playQuestions(stage);
	scenes.playPlans(stage);
	scenes.playCancel(stage);
	scenes.playFailure(stage);
	scenes.playKill(stage);
	scenes.playRunnerKill(stage);
	scenes.playEnd(stage);
});
