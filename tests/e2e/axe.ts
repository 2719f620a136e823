import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** Fails with what would keep somebody from using the page: roles, names, contrast, reach. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
	const { violations } = await new AxeBuilder({ page })
		// What xterm draws is checked where terminals are.
		.exclude('.xterm')
		.analyze();
	const found = violations.flatMap(({ id, nodes }) =>
		nodes.map(({ target, failureSummary }) => ({ id, target, failureSummary }))
	);
	expect(found, `accessibility of ${what}`).toEqual([]);
}
