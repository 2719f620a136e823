/** The agent's list of things to do, kept by one tool (TodoWrite) or by several (TaskCreate, TaskUpdate, TaskList). */
import type { KnownCall } from '$lib/agents/claude-results';
import { object, objects, string, type Loose } from '$lib/agents/loose';
import type { Plan } from '$lib/protocol/chat';

type Entry = Plan['entries'][number];

/** Told of each tool call that succeeded; answers with the plan when that changed it. */
export function createPlanKeeper(): (call: KnownCall, structured: Loose | undefined) => Plan | undefined {
	const tasks = new Map<string, Entry>();

	function change(call: KnownCall, structured: Loose): boolean {
		switch (call.name) {
			case 'TaskCreate': {
				const task = object(structured.task);
				const id = string(task?.id);
				const content = string(task?.subject) ?? string(call.input.subject);
				if (id === undefined || content === undefined) return false;
				tasks.set(id, { content, status: 'pending' });
				return true;
			}
			case 'TaskUpdate': {
				const id = string(call.input.taskId);
				if (id === undefined || structured.success === false) return false;
				if (call.input.status === 'deleted') return tasks.delete(id);
				const known = tasks.get(id);
				tasks.set(id, {
					content: string(call.input.subject) ?? known?.content ?? `Task ${id}`,
					status: call.input.status === undefined && known ? known.status : statusOf(call.input.status)
				});
				return true;
			}
			case 'TaskList': {
				const listed = objects(structured.tasks);
				tasks.clear();
				for (const task of listed) {
					tasks.set(string(task.id) ?? String(tasks.size), {
						content: string(task.subject) ?? '',
						status: statusOf(task.status)
					});
				}
				return true;
			}
			default:
				return false;
		}
	}

	return (call, structured) => {
		if (call.name === 'TodoWrite') {
			const todos = objects(structured?.newTodos ?? call.input.todos);
			return {
				entries: todos.map(({ content, status }) => ({ content: string(content) ?? '', status: statusOf(status) }))
			};
		}
		return change(call, structured ?? {}) ? { entries: [...tasks.values()] } : undefined;
	};
}

function statusOf(status: unknown): Entry['status'] {
	return status === 'in_progress' || status === 'completed' ? status : 'pending';
}
