import { describe, expect, it } from 'vitest';
import { parseLocalAddress } from './tunnel-listener.ts';

describe('parseLocalAddress', () => {
  it.each([
    ['2222', { host: '127.0.0.1', port: 2_222 }],
    ['0', { host: '127.0.0.1', port: 0 }],
    ['0.0.0.0:2222', { host: '0.0.0.0', port: 2_222 }],
    ['localhost:0', { host: 'localhost', port: 0 }],
    ['[::1]:2222', { host: '::1', port: 2_222 }],
  ])('reads %s', (text, address) => expect(parseLocalAddress(text)).toEqual(address));

  it.each(['', 'ssh', 'host:', ':22', '65536', 'host:22x'])('refuses %j', (text) => {
    expect(() => parseLocalAddress(text)).toThrow(/a port or host:port/);
  });
});
