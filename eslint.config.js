import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/** Imports run one way: routes → server → agents → protocol, client and components → protocol, runner → agents → protocol. */
const layers = [
	{
		files: ['src/lib/protocol/**'],
		forbidden: ['$lib/*', '$app/*', '../*', 'node:*'],
		reason: 'The protocol is shared by browser, web server and runner: it imports nothing of ours and nothing of Node.'
	},
	{
		files: ['src/lib/agents/**'],
		forbidden: ['$lib/server', '$lib/server/*', '$lib/client/*', '$lib/components/*', '**/runner/**', '$app/*'],
		reason: 'What agents write is read by the web server and by the runner: it imports only the protocol.'
	},
	{
		files: ['src/lib/client/**'],
		forbidden: ['$lib/server', '$lib/server/*', '$lib/agents/*', '$lib/components/*', '**/runner/**', 'node:*'],
		reason: 'Client state imports only the protocol.'
	},
	{
		files: ['src/lib/components/**'],
		forbidden: ['$lib/server', '$lib/server/*', '$lib/agents/*', '**/runner/**', 'node:*'],
		reason: 'Components run in the browser.'
	},
	{
		files: ['src/lib/server/**'],
		forbidden: ['$lib/client/*', '$lib/components/*', '**/src/runner/**', '$app/*'],
		reason: 'The web server imports only what is shared; it speaks to the runner over its socket.'
	},
	{
		files: ['src/runner/**'],
		forbidden: ['$lib/server/*', '$lib/client/*', '$lib/components/*', '$app/*'],
		reason: 'The runner imports only what is shared.'
	}
];

export default ts.config(
	{ ignores: ['build/', '.svelte-kit/', 'node_modules/', 'test-results/', 'drizzle/'] },
	js.configs.recommended,
	...ts.configs.recommended,
	...svelte.configs.recommended,
	{
		languageOptions: { globals: { ...globals.browser, ...globals.node } },
		rules: {
			// TypeScript finds undefined names itself.
			'no-undef': 'off',
			'no-console': 'error',
			eqeqeq: ['error', 'smart'],
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
			'@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
			// Pages are served from the root; nothing prefixes their paths.
			'svelte/no-navigation-without-resolve': 'off'
		}
	},
	{
		files: ['**/*.svelte', '**/*.svelte.ts'],
		languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig } }
	},
	// Programs for people at a terminal write to it.
	{ files: ['src/cli/**', 'tests/**', 'bench/**'], rules: { 'no-console': 'off' } },
	...layers.map(({ files, forbidden, reason }) => ({
		files,
		ignores: ['**/*.test.ts'],
		rules: { 'no-restricted-imports': ['error', { patterns: [{ group: forbidden, message: reason }] }] }
	}))
);
