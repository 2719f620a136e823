import type { PermissionMode } from '$lib/protocol/agent';
import { assertNever } from '$lib/protocol/assert-never';

export interface Policy {
	readonly approvalPolicy: 'on-request' | 'never';
	/** For a conversation that is opened: what the user configured for this sandbox stays. */
	readonly sandbox: 'read-only' | 'workspace-write' | 'danger-full-access';
	/** The same for a conversation that runs. */
	readonly sandboxPolicy: object;
}

/** What may be done without asking, and where: the same choices as on Codex's command line. */
export function policyOf(mode: PermissionMode): Policy {
	const readOnly = { sandbox: 'read-only', sandboxPolicy: { type: 'readOnly', networkAccess: false } } as const;
	switch (mode) {
		case 'default':
			return { approvalPolicy: 'on-request', ...readOnly };
		case 'plan':
			return { approvalPolicy: 'never', ...readOnly };
		case 'acceptEdits':
			return {
				approvalPolicy: 'on-request',
				sandbox: 'workspace-write',
				sandboxPolicy: {
					type: 'workspaceWrite',
					writableRoots: [],
					networkAccess: false,
					excludeTmpdirEnvVar: false,
					excludeSlashTmp: false
				}
			};
		case 'bypassPermissions':
			return {
				approvalPolicy: 'never',
				sandbox: 'danger-full-access',
				sandboxPolicy: { type: 'dangerFullAccess' }
			};
		default:
			return assertNever(mode);
	}
}
