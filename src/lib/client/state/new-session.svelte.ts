import { v4 as randomId } from 'uuid';
import type { Agent, Interface, PermissionMode } from '$lib/protocol/agent';
import { CoppiceError } from '$lib/protocol/errors';
import { permissionModesOf } from '$lib/protocol/permission-modes';
import type { Branches, Project } from '$lib/protocol/project';
import type { CreateSession } from '$lib/protocol/session';
import type { CreateAgentWorker, CreateWorker } from '$lib/protocol/worker';
import { localBranch } from '$lib/protocol/worktree-folder';
import { preferredInterface } from '../agent-interfaces';
import type { Api } from '../api';
import { branchFromPrompt, freeBranchName } from '../branch-name';
import type { NewSessionStart } from '../dialogs';

/** Where a folder is looked for that nothing else is known of. */
const HOME = '~/';

type Problem = { field: 'branch' | 'path' | 'base' | null; sentence: string; branchTaken: boolean };

/** What is filled in for a new session, and what follows from it. */
export class NewSessionForm {
	kind = $state<'worktree' | 'quick'>('worktree');
	prompt = $state('');
	projectId = $state('');
	branchMode = $state<'new' | 'existing'>('new');
	/** As typed; empty means that the prompt names it. */
	typedBranch = $state('');
	base = $state('');
	path = $state(HOME);
	/** The agent to start; null for none. */
	agentId = $state<string | null>(null);
	/** How each agent is driven and what it may do, where the reader chose. */
	interfaces = $state.raw<Readonly<Record<string, Interface>>>({});
	permissionModes = $state.raw<Readonly<Record<string, PermissionMode>>>({});
	addTerminal = $state(false);
	branches = $state.raw<Branches | null>(null);
	problem = $state.raw<Problem | null>(null);

	readonly id = randomId();
	#asked = 0;

	constructor(
		start: NewSessionStart,
		private readonly projects: () => readonly Project[],
		private readonly agents: readonly Agent[]
	) {
		const git = projects().filter(({ kind }) => kind === 'git');
		const asked = projects().find(({ id }) => id === start.projectId);
		this.projectId = (asked?.kind === 'git' ? asked : git[0])?.id ?? '';
		this.kind = start.quick || asked?.kind === 'folder' || git.length === 0 ? 'quick' : 'worktree';
		if (!start.quick && this.kind === 'quick') this.chooseFolderOf(asked ?? projects()[0]);
		this.prompt = start.prompt ?? '';
		const available = agents.filter((agent) => agent.available);
		this.agentId =
			(available.find(({ id }) => id === start.agentId) ?? (start.quick ? undefined : available[0]))?.id ?? null;
		this.addTerminal = this.agentId === null;
	}

	get project(): Project | undefined {
		return this.projects().find(({ id }) => id === this.projectId);
	}

	get isBranchFromPrompt(): boolean {
		return this.branchMode === 'new' && !this.typedBranch.trim() && this.branch !== '';
	}

	/** The branch that the session will be on. */
	get branch(): string {
		if (this.branchMode === 'existing' || this.typedBranch.trim()) return this.typedBranch.trim();
		const wish = branchFromPrompt(this.prompt);
		return wish && freeBranchName(wish, this.branches?.local ?? []);
	}

	/** The branch as it will be called here: one of a remote is tracked under its own name. */
	get localBranch(): string {
		return this.branchMode === 'existing' && this.branches ? localBranch(this.branch, this.branches) : this.branch;
	}

	get agent(): Agent | undefined {
		return this.agents.find(({ id }) => id === this.agentId);
	}

	/** The modes that an agent can be started in, driven as it is to be. */
	modesOf(agent: Agent): PermissionMode[] {
		return permissionModesOf(agent, [this.interfaceOf(agent)]);
	}

	/** What an agent may do: as the reader chose, where it can be driven so, else as new workers of it. */
	permissionModeOf(agent: Agent): PermissionMode {
		return this.#chosenMode(agent) ?? agent.defaults.permissionMode ?? 'default';
	}

	#chosenMode(agent: Agent): PermissionMode | null {
		const chosen = this.permissionModes[agent.id];
		return chosen && this.modesOf(agent).includes(chosen) ? chosen : null;
	}

	/** How an agent is driven: as the reader chose, else as its new workers are. */
	interfaceOf(agent: Agent): Interface {
		return this.interfaces[agent.id] ?? preferredInterface(agent);
	}

	/** Whether a chat is to be begun, which takes its first message as any other: with images. */
	get isChat(): boolean {
		return this.agentWorker?.interface === 'chat';
	}

	/** The agent that is to work here; its prompt is not among it. */
	get agentWorker(): CreateAgentWorker | null {
		const { agent } = this;
		if (!agent) return null;
		const permissionMode = this.#chosenMode(agent);
		const chosen = { interface: this.interfaceOf(agent), ...(permissionMode && { permissionMode }) };
		return { type: 'agent', agentId: agent.id, ...chosen };
	}

	/** All that is to be made with the session; a chat gets its first message as soon as it is there. */
	get workers(): CreateWorker[] {
		const prompt = this.prompt.trim();
		const agent = this.agentWorker;
		return [
			...(agent ? [{ ...agent, ...(prompt && !this.isChat && { prompt }) }] : []),
			...(this.addTerminal ? [{ type: 'terminal' as const }] : [])
		];
	}

	/** Why it can't be started yet; null when it can. */
	get missing(): string | null {
		if (this.kind === 'quick') return this.path.trim() ? null : 'Type a folder first';
		if (!this.project) return 'Add a project first';
		if (this.branch) return null;
		return this.branchMode === 'new' ? 'Name a branch, or say what to do' : 'Choose a branch first';
	}

	get request(): CreateSession & { id: string } {
		const { id } = this;
		if (this.kind === 'quick') return { type: 'quick', id, path: this.path.trim() };
		const isNew = this.branchMode === 'new';
		const base = this.base.trim();
		return {
			type: 'worktree',
			id,
			projectId: this.projectId,
			branch: this.branch,
			createBranch: isNew,
			...(isNew && base && { base })
		};
	}

	/** Fills in the folder of a project, or asks for any other. */
	chooseFolderOf(project: Project | undefined): void {
		this.path = project?.path ?? HOME;
		this.problem = null;
	}

	/** Reads the project's branches; its default one is where a new branch starts. */
	async loadBranches(api: Pick<Api, 'branches'>, projectId: string): Promise<void> {
		const turn = ++this.#asked;
		this.branches = null;
		try {
			const branches = await api.branches(projectId);
			if (turn !== this.#asked) return;
			this.branches = branches;
			this.base = branches.defaultBranch ?? '';
		} catch (error) {
			if (turn === this.#asked) this.refused(error);
		}
	}

	/** Keeps why the server refused, with the field that it is about. */
	refused(error: unknown): void {
		const sentence = error instanceof Error ? error.message : String(error);
		const code = error instanceof CoppiceError ? error.code : null;
		const branchTaken = code === 'branch_checked_out' || code === 'branch_exists';
		this.problem = { field: fieldOf(error), sentence, branchTaken };
	}
}

function fieldOf(error: unknown): Problem['field'] {
	if (!(error instanceof CoppiceError)) return null;
	if (error.code === 'branch_checked_out' || error.code === 'branch_exists') return 'branch';
	if (error.code === 'path_not_found') return 'path';
	const path = error.issues?.[0]?.path;
	return path === 'branch' || path === 'path' || path === 'base' ? path : null;
}
