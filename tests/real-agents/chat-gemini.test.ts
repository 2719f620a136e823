import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import * as scenes from './chat-scenes';
import { installAgents } from './install.js';
import { Stage } from './stage';

const agents = installAgents();
if (agents.problem !== null) console.warn(`Gemini CLI is not tried: ${agents.problem}`);

describe.skipIf(agents.problem !== null)('Gemini CLI as a chat, over the Agent Client Protocol', () => {
	const stage = new Stage(agents, 'gemini');

	scenes.playTalk(stage);
	scenes.playUsage(stage, { knowsContext: false });
	scenes.playPermissions(stage);
	scenes.playDenial(stage, { carries: false });
	scenes.playCancel(stage);
	// It names a conversation's file by the minute, and empties one that it is to continue within the same.
	scenes.playKill(stage, {
		meanwhile() {
			const chats = join(stage.setting.home, '.gemini/tmp/project/chats');
			for (const name of readdirSync(chats)) {
				renameSync(join(chats, name), join(chats, name.replace(/T\d\d-\d\d-/, 'T00-00-')));
			}
		}
	});
	scenes.playEnd(stage);
});
