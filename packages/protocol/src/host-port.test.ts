import { expect, it } from 'vitest';
import { formatHostPort, parseHostPort } from './host-port.ts';

it.each([
  ['10.0.0.1:13295', { address: '10.0.0.1', port: 13295 }],
  ['push.example:1', { address: 'push.example', port: 1 }],
  ['[::1]:13295', { address: '::1', port: 13295 }],
  ['fe80::1:13295', { address: 'fe80::1', port: 13295 }],
  ['push.example', undefined],
  ['push.example:0', undefined],
  ['push.example:70000', undefined],
  ['', undefined],
])('reads %j', (text, expected) => {
  expect(parseHostPort(text)).toEqual(expected);
});

it('writes IPv6 addresses in brackets', () => {
  expect(formatHostPort('::1', 80)).toBe('[::1]:80');
  expect(formatHostPort('10.0.0.1', 80)).toBe('10.0.0.1:80');
});
