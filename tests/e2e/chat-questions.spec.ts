import { card, expect, focusSeen, say, test } from './chat-composing';

test('a question is answered by its number', async ({ conversation: page }) => {
	await say(page, '@fake ask');
	const request = card(page, /claude wants to ask a question/);
	await expect(request).toContainText('Which colour?');
	await focusSeen(request);
	await page.keyboard.press('2');
	await expect(page.getByRole('log')).toContainText('You chose Blue.');
	await expect(page.getByText('Answered by you')).toBeVisible();
});

test('a question is answered in one’s own words', async ({ conversation: page }) => {
	await say(page, '@fake ask');
	const request = card(page, /ask a question/);
	const own = request.getByRole('textbox', { name: 'Answer in your own words' });
	await own.fill('Green');
	await own.press('Enter');
	await expect(page.getByRole('log')).toContainText('You chose Green.');
});

test('several questions are steps of one card', async ({ conversation: page }) => {
	await say(page, '@fake ask 3');
	const request = card(page, /claude wants to ask some questions/);
	await expect(request).toContainText('Question 1 of 3');
	await focusSeen(request);
	await page.keyboard.press('2');
	await expect(request).toContainText('Which sizes?');
	// It has not been seen yet.
	await page.keyboard.press('1');
	await expect(request.getByRole('button', { name: /Small/ })).toHaveAttribute('aria-pressed', 'false');
	await focusSeen(request);
	await page.keyboard.press('1');
	await page.keyboard.press('2');
	await expect(request.getByRole('button', { name: /Large/ })).toHaveAttribute('aria-pressed', 'true');
	await page.keyboard.press('Enter');
	await expect(request).toContainText('Question 3 of 3');

	await request.getByRole('button', { name: 'Back' }).click();
	await expect(request).toBeFocused();
	await expect(request).toContainText('Which sizes?');
	await request.getByRole('button', { name: /Small/ }).click();
	await request.getByRole('button', { name: /^Next/ }).click();
	await expect(request).toContainText('Which shape?');
	await focusSeen(request);
	await page.keyboard.press('3');
	const own = request.getByRole('textbox', { name: 'Answer in your own words' });
	await expect(own).toBeFocused();
	// Numbers are words here.
	await own.pressSequentially('12 sides');
	await own.press('Enter');
	await expect(page.getByRole('log')).toContainText('You chose Blue, Large, 12 sides.');
	await expect(page.getByText('Answered by you')).toBeVisible();
});

test('what was answered is not lost when it is refused', async ({ conversation: page }) => {
	await say(page, '@fake ask 2');
	const request = card(page, /ask some questions/);
	await request.getByRole('button', { name: /Red/ }).click();
	await request.getByRole('textbox', { name: 'Answer in your own words' }).fill('Middle');
	await page.route('**/requests/*', (route) => route.abort());
	await request.getByRole('button', { name: /^Send answers/ }).click();
	await expect(request.getByRole('alert')).toContainText('Nothing was changed');
	await expect(request.getByRole('textbox', { name: 'Answer in your own words' })).toHaveValue('Middle');
	await page.unroute('**/requests/*');
	await request.getByRole('button', { name: /^Send answers/ }).click();
	await expect(page.getByRole('log')).toContainText('You chose Red, Middle.');
});
