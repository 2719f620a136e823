import { basename } from 'node:path';
import { expect, test } from './fixtures';

test('a repository becomes a project by its path, and can be unregistered', async ({ app, repository }) => {
	await expect(app.getByRole('heading', { name: 'Start your first session' })).toBeVisible();
	await app.locator('body').click({ position: { x: 700, y: 700 } });
	await app.keyboard.press('p');
	const dialog = app.getByRole('dialog', { name: 'Add a project' });
	await expect(dialog.getByLabel('Folder')).toBeFocused();
	await app.keyboard.type('/nowhere/at/all');
	await expect(dialog.getByLabel('Folder')).toHaveValue('/nowhere/at/all');
	await dialog.getByRole('button', { name: 'Add project' }).click();
	await expect(dialog.getByRole('alert')).toContainText('/nowhere/at/all');
	await dialog.getByLabel('Folder').fill(repository.slice(0, -2));
	await expect(dialog.getByRole('option', { name: basename(repository) })).toBeVisible();
	await app.keyboard.press('Tab');
	await expect(dialog.getByLabel('Folder')).toHaveValue(repository);
	await app.keyboard.press('Enter');

	await expect(app.getByRole('heading', { level: 1, name: basename(repository) })).toBeVisible();
	await expect(app.getByRole('treeitem', { name: basename(repository) })).toBeVisible();
	await expect(app.getByText('your checkout', { exact: true })).toBeVisible();

	await app.getByRole('button', { name: 'Unregister project' }).click();
	await expect(app.getByRole('treeitem', { name: basename(repository) })).toBeHidden();
	await app.getByRole('button', { name: 'Undo' }).click();
	await expect(app.getByRole('treeitem', { name: basename(repository) })).toBeVisible();
});

test('a first session that is refused says so in place, and is tried again with what was typed', async ({
	app,
	coppice,
	repository
}) => {
	const path = app.getByRole('combobox', { name: 'Pick a repository' });
	const prompt = app.getByRole('textbox', { name: 'Say what to do' });
	await path.fill(repository);
	// Names the branch that is checked out in the repository itself.
	await prompt.fill('Main');
	await app.keyboard.press('Enter');
	const alert = app.getByRole('alert');
	await expect(alert).toContainText('“main” is checked out');
	await expect(app.getByRole('treeitem', { name: basename(repository) })).toBeVisible();
	await expect(path).toHaveValue(repository);
	await expect(prompt).toHaveValue('Main');
	const again = app.waitForResponse((response) => response.url() === `${coppice.url}/api/sessions`);
	await app.keyboard.press('Enter');
	expect((await again).status()).toBe(409);
	await expect(alert).toContainText('“main” is checked out');
});
