import type { CDPSession, Page } from '@playwright/test';
import { expect, log, test, toEnd } from './chat-scene';
import { longConversation } from './transcript-scenes';

// Recording what happens takes longer than what happens.
test.use({ trace: 'off' });

const EVENTS = 10_000;

test('ten thousand events scroll and grow without a hitch', async ({ scene }) => {
	test.setTimeout(120_000);
	const { page } = scene;
	const started = Date.now();
	const told = await scene.play((all) => longConversation(all, EVENTS));
	console.log(`opened in ${Date.now() - started} ms, ${await elements(page)} elements`);
	expect(await toEnd(page)).toBeLessThan(2);

	const growing = await measure(page, 'growing', 100, { seq: told.lastSeq });
	await expect(log(page).getByText('word99', { exact: false })).toBeVisible();
	const scrolling = await measure(page, 'scrolling', 100, {});
	const leaping = await measure(page, 'leaping', 60, {});
	for (const figures of [growing, scrolling, leaping]) console.log(JSON.stringify(figures));
	// Only what is near is drawn.
	expect(await elements(page)).toBeLessThan(12_000);
	// The work of a step and not its frame, which waits for whatever else the machine does. A frame has 16 ms.
	expect(growing.workMs).toBeLessThan(16);
	expect(scrolling.workMs).toBeLessThan(16);
});

function elements(page: Page): Promise<number> {
	return page.evaluate(() => document.querySelectorAll('*').length);
}

type Way = 'growing' | 'scrolling' | 'leaping';

/** Does something in the page, a step a frame, and tells how long frames took and how much work a step was. */
async function measure(page: Page, way: Way, steps: number, { seq = 0 }: { seq?: number }) {
	const devtools = await page.context().newCDPSession(page);
	await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
	const before = await busyMs(devtools);
	const frames = await page.evaluate(
		async ({ way, steps, seq }) => {
			const scroller = document.querySelector<HTMLElement>('[data-transcript]')!;
			const { tellStage } = window as unknown as { tellStage(message: string): void };
			const step = (number: number) => {
				if (way === 'growing') {
					const payload = { messageId: 'grow', block: 0, text: `word${number} ` };
					const event = { channel: 'agent:delta', eventType: 'text', payload, ts: new Date().toISOString() };
					tellStage(JSON.stringify({ type: 'event', seq: seq + number + 1, ...event }));
				} else scroller.scrollTop -= way === 'scrolling' ? 120 : 4000;
			};
			const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
			const times: number[] = [];
			let last = await frame();
			for (let number = 0; number < steps; number++) {
				step(number);
				const now = await frame();
				times.push(now - last);
				last = now;
			}
			return times.sort((a, b) => a - b);
		},
		{ way, steps, seq }
	);
	const workMs = Number((((await busyMs(devtools)) - before) / steps).toFixed(1));
	const at = (share: number) => Math.round(frames[Math.floor((frames.length - 1) * share)] ?? 0);
	return { way, workMs, frameMs: { p50: at(0.5), p95: at(0.95), longest: at(1) } };
}

/** How long the page's main thread has been at work, without the time in which others had the processor. */
async function busyMs(devtools: CDPSession): Promise<number> {
	const { metrics } = await devtools.send('Performance.getMetrics');
	return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000;
}
