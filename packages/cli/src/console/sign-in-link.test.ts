import { expect, it } from 'vitest';
import { consoleOrigin, signInLink } from './sign-in-link.ts';

it.each([
  ['127.0.0.1:13299', 'http://127.0.0.1:8080'],
  ['localhost:13299', 'http://localhost:8080'],
  ['[::1]:13299', 'http://[::1]:8080'],
  ['push.example.com:13299', 'https://push.example.com:8080'],
  ['[2001:db8::1]:13299', 'https://[2001:db8::1]:8080'],
  // A name that only begins like this machine's address.
  ['127-0.example:13299', 'https://127-0.example:8080'],
])('the console of the balancer at %s is at %s', (address, origin) => {
  expect(consoleOrigin(address, 8080)).toBe(origin);
  expect(new URL(signInLink(origin, 'a-b_c')).href).toBe(`${origin}/console/sign-in?code=a-b_c`);
});
