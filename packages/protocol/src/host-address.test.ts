import { describe, expect, it } from 'vitest';
import { formatHostPort, parseHostPort, parseReachableHost, parseTarget } from './host-address.ts';

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

describe('parseTarget', () => {
  it.each([
    ['127.0.0.1:22', { host: '127.0.0.1', port: 22 }],
    ['printer-3.lan:9100', { host: 'printer-3.lan', port: 9100 }],
    ['[::1]:22', { host: '::1', port: 22 }],
  ])('reads %s', (text, target) => expect(parseTarget(text)).toEqual(target));

  it.each(['', '22', 'host', 'host:', 'host:0', 'host:65536', 'a b:22', '/etc/x:22', '-a:22', undefined])(
    'refuses %j',
    (text) => expect(() => parseTarget(text)).toThrow(/target: must be host:port/),
  );
});

it.each([
  '10.0.0.1',
  '127.0.0.1',
  '2001:db8::1',
  '::1',
  '::ffff:10.0.0.1',
  'dp.example.com',
  'localhost',
  'dp_1',
  'dp-1',
  '1password.example',
  'push.1st.example',
  'xn--bcher-kva.example',
])('takes %s', (text) => {
  expect(parseReachableHost(text, 'address')).toBe(text);
});

it.each([
  ['a wildcard', '0.0.0.0'],
  ['a wildcard', '0.1.2.3'],
  ['a wildcard', '::'],
  ['a wildcard', '0:0:0:0:0:0:0:0'],
  ['a wildcard', '::0.0.0.0'],
  ['a wildcard', '::ffff:0.0.0.0'],
  ['a wildcard', '*'],
  ['an old spelling of a wildcard', '0'],
  ['an old spelling of a wildcard', '0x0.0'],
  ['an old spelling of an address', '127.1'],
  ['an old spelling of an address', 'dp.0x7f'],
  ['a multicast address', '224.0.0.251'],
  ['a multicast address', 'ff02::1'],
  ['the broadcast address', '255.255.255.255'],
  ['a port', '10.0.0.1:13295'],
  ['a port', 'dp.example:13295'],
  ['a port', '[::1]:13295'],
  ['brackets', '[::1]'],
  ['a wildcard in brackets', '[::]'],
  ['a zone', 'fe80::1%eth0'],
  ['a wildcard with a zone', '::%1'],
  ['nothing', ''],
  ['a blank', 'dp 1'],
  ['a URL', 'https://dp.example'],
  ['no address', '10.0.0.256'],
  ['no address', '2001:db8::1::2'],
  ['an empty label', 'dp..example'],
  ['a NUL', 'dp\0'],
  ['no ASCII', 'größe.example'],
  ['a name that is too long', `${'a'.repeat(64)}.example`],
  ['no text', null],
  ['no text', 7],
])('refuses %s: %j', (_, value) => {
  expect(() => parseReachableHost(value, 'push_server.address')).toThrow(
    expect.objectContaining({
      code: 'INVALID_ARGUMENT',
      field: 'push_server.address',
      message: expect.stringMatching(/^push_server\.address: must be an IP address or host name, without a port/),
    }),
  );
});

it('says why a wildcard will not do', () => {
  expect(() => parseReachableHost('0.0.0.0', 'address')).toThrow(/"0\.0\.0\.0" means every address of whoever listens/);
});
