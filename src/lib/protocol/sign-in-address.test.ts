import { describe, expect, it } from 'vitest';
import { addressAfterSignIn, signInAddress, wantedOf } from './sign-in-address';

const ORIGIN = 'http://127.0.0.1:4310';

describe('the sign-in page', () => {
	it.each(['/s/1/w/2?at=5', '/new?prompt=a%26b&quick=1', '/p/1'])('leads on to %s', (wanted) => {
		const wish = wantedOf(new URL(signInAddress(wanted), ORIGIN));
		expect(addressAfterSignIn(wish, ORIGIN)).toBe(ORIGIN + wanted);
	});

	it('leads to the overview when no other page is wanted', () => {
		expect(signInAddress('/')).toBe('/login');
		expect(signInAddress(`/new?prompt=${'%20'.repeat(4_000)}`)).toBe('/login');
		expect(addressAfterSignIn(wantedOf(new URL('/login', ORIGIN)), ORIGIN)).toBe(`${ORIGIN}/`);
	});

	it.each([
		'https://evil.example/',
		'//evil.example/s/1',
		'/\\evil.example',
		'\\\\evil.example',
		'/\t/evil.example',
		'http://127.0.0.1:9999/',
		'https://127.0.0.1:4310/',
		'http://127.0.0.1:4310@evil.example/',
		'javascript:alert(1)',
		'data:text/html,hello',
		'/login?to=/login',
		'http://['
	])('leads to the overview instead of %s', (wanted) => {
		expect(addressAfterSignIn(wanted, ORIGIN)).toBe(`${ORIGIN}/`);
	});

	it('leads nowhere else by a path that looks like a host', () => {
		expect(new URL(addressAfterSignIn('/.//evil.example', ORIGIN), ORIGIN).origin).toBe(ORIGIN);
	});

	it('takes neither a name nor a fragment along', () => {
		expect(addressAfterSignIn('http://ines:secret@127.0.0.1:4310/s/1#token', ORIGIN)).toBe(`${ORIGIN}/s/1`);
	});
});
