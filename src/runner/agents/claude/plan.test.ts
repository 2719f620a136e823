import { describe, expect, it } from 'vitest';
import { createPlanKeeper } from './plan';

const call = (name: string, input = {}) => ({ name, input, parentId: undefined });

describe('createPlanKeeper', () => {
	it('takes a list that is written in whole', () => {
		const keeper = createPlanKeeper();
		const todos = [
			{ content: 'Look', status: 'completed', activeForm: 'Looking' },
			{ content: 'Build', status: '?' }
		];
		expect(keeper(call('TodoWrite', { todos }), undefined)).toEqual({
			entries: [
				{ content: 'Look', status: 'completed' },
				{ content: 'Build', status: 'pending' }
			]
		});
	});

	it('follows a list that is changed task by task', () => {
		const keeper = createPlanKeeper();
		keeper(call('TaskCreate', { subject: 'Look' }), { task: { id: '1', subject: 'Look' } });
		keeper(call('TaskCreate', { subject: 'Build' }), { task: { id: '2', subject: 'Build' } });
		keeper(call('TaskUpdate', { taskId: '1', status: 'in_progress' }), { success: true });
		expect(keeper(call('TaskUpdate', { taskId: '2', subject: 'Build it' }), { success: true })?.entries).toEqual([
			{ content: 'Look', status: 'in_progress' },
			{ content: 'Build it', status: 'pending' }
		]);
		expect(keeper(call('TaskUpdate', { taskId: '1', status: 'deleted' }), { success: true })?.entries).toEqual([
			{ content: 'Build it', status: 'pending' }
		]);
	});

	it('knows tasks of an earlier process once they are listed or touched', () => {
		const keeper = createPlanKeeper();
		expect(keeper(call('TaskUpdate', { taskId: '7', status: 'completed' }), {})?.entries).toEqual([
			{ content: 'Task 7', status: 'completed' }
		]);
		const tasks = [{ id: '7', subject: 'Ship', status: 'completed' }];
		expect(keeper(call('TaskList'), { tasks })?.entries).toEqual([{ content: 'Ship', status: 'completed' }]);
	});

	it('has nothing to say of other tools', () => {
		expect(createPlanKeeper()(call('Bash', { command: 'ls' }), {})).toBeUndefined();
	});
});
