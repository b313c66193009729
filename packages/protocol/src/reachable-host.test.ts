import { expect, it } from 'vitest';
import { parseReachableHost } from './reachable-host.ts';

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
