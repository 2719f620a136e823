// Runs before the first paint, so that a light page never flashes dark. The page itself takes over from src/lib/client/theme.
(() => {
	let choice = 'system';
	try {
		choice = localStorage.getItem('coppice.theme') ?? 'system';
	} catch {
		// Storage is blocked: the system's theme it is.
	}
	const dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
	document.documentElement.dataset.theme = dark ? 'dark' : 'light';
	document.querySelector('meta[name="theme-color"]')?.setAttribute('content', dark ? '#121513' : '#f3f5f2');
})();
