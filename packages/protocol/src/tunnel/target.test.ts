import { describe, expect, it } from 'vitest';
import { parseTarget } from './target.ts';

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
