import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUILT_IN_AGENTS } from './built-in';
import { expandArguments } from './arguments';

const NOTHING = { agentSessionId: null, prompt: null, model: null, permissionMode: null, hookSettings: null };

describe('filling arguments in', () => {
	it('puts values where their placeholders stand, alone or within an argument', () => {
		const values = { ...NOTHING, model: 'big', prompt: 'Say hi', agentSessionId: 'a-1' };
		expect(expandArguments(['run', ['-m', '{model}'], '--id={agentSessionId}', ['{prompt}']], values)).toEqual([
			'run',
			'-m',
			'big',
			'--id=a-1',
			'Say hi'
		]);
	});

	it('leaves a group out whole when one of its placeholders has no value, and a lone argument too', () => {
		const template = [['--model', '{model}', '{agentSessionId}'], '--prompt={prompt}', 'end', ['--x', 'y']];
		expect(expandArguments(template, { ...NOTHING, agentSessionId: 'a-1' })).toEqual(['end', '--x', 'y']);
	});

	it('takes other text in braces, and names of an object, for text', () => {
		expect(expandArguments(['{"a":{"b":1}}', '{unknown}', '{toString}'], NOTHING)).toEqual([
			'{"a":{"b":1}}',
			'{unknown}',
			'{toString}'
		]);
	});

	it('spreads a list over arguments of its own, where the placeholder is the whole argument', () => {
		const values = { ...NOTHING, permissionMode: ['--sandbox', 'read-only'] };
		expect(expandArguments([['{permissionMode}'], 'x'], values)).toEqual(['--sandbox', 'read-only', 'x']);
		expect(expandArguments([['{permissionMode}']], { ...NOTHING, permissionMode: [] })).toEqual([]);
	});

	it('keeps a prompt that begins with a dash from being taken for an option', () => {
		const values = { ...NOTHING, prompt: '--help' };
		expect(expandArguments([['{prompt}']], values)).toEqual(['--', '--help']);
		expect(expandArguments(['chat', '{prompt}'], values)).toEqual(['chat', '--', '--help']);
		expect(expandArguments(['--', '{prompt}'], values)).toEqual(['--', '--help']);
		expect(expandArguments([['-p', '{prompt}']], values)).toEqual(['-p', '--help']);
		expect(expandArguments([['{prompt}']], { ...NOTHING, prompt: 'help' })).toEqual(['help']);
	});

	it('never splits a value, never reads it again, never loses a byte of it', () => {
		const awkward = fc.oneof(
			fc.string({ unit: 'binary', minLength: 1 }),
			fc.constantFrom(
				'{model}',
				'{prompt}',
				'$(reboot)',
				'`id`',
				'"',
				"'; rm -rf /",
				'-x',
				'--',
				' ',
				'\n',
				'*',
				'$&',
				'$1'
			)
		);
		fc.assert(
			fc.property(awkward, awkward, awkward, (prompt, model, agentSessionId) => {
				const template = [
					'a',
					['--id', '{agentSessionId}'],
					['--model={model}'],
					'{model}{agentSessionId}',
					['--', '{prompt}']
				];
				expect(expandArguments(template, { ...NOTHING, prompt, model, agentSessionId })).toEqual([
					'a',
					'--id',
					agentSessionId,
					`--model=${model}`,
					`${model}${agentSessionId}`,
					'--',
					prompt
				]);
			})
		);
	});
});

describe('built-in agents', () => {
	it.each(BUILT_IN_AGENTS)('$id takes a prompt that looks like an option as a prompt', ({ startArgs }) => {
		const argv = expandArguments(startArgs, { ...NOTHING, agentSessionId: 'a-1', prompt: '--version' });
		const at = argv.findIndex((argument) => argument.endsWith('--version'));
		expect(at).toBe(argv.length - 1);
		expect(argv[at] === '--version' ? argv[at - 1] : argv[at]).toMatch(/^--$|^--[a-z-]+=--version$/);
	});

	it.each(BUILT_IN_AGENTS)('$id is asked for nothing that nobody asked for', ({ startArgs }) => {
		const argv = expandArguments(startArgs, NOTHING);
		expect(argv.filter((argument) => argument !== '--no-daemon')).toEqual([]);
	});
});
