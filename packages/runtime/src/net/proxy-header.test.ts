import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { proxyHeader } from './proxy-header.fixture.ts';
import { readProxyHeader } from './proxy-header.ts';

describe('a header of the PROXY protocol', () => {
  it.each([
    ['198.51.100.7', 49_152],
    ['2001:db8:0:0:0:0:0:7', 1],
  ])('names the client %s', (address, port) => {
    const header = proxyHeader({ address, port });
    expect(readProxyHeader(header)).toEqual({ kind: 'header', bytes: header.length, client: { address, port } });
  });

  it('may be followed by what the client says, and hold what is not for us', () => {
    const more = Buffer.from([0x05, 0, 3, 1, 2, 3]);
    const header = proxyHeader({ address: '192.0.2.1', port: 7 }, more);
    const all = Buffer.concat([header, Buffer.from('\x16\x03\x01')]);
    expect(readProxyHeader(all)).toMatchObject({ bytes: header.length, client: { address: '192.0.2.1' } });
  });

  it.each([
    [
      'a health check of the proxy itself',
      Buffer.concat([proxyHeader().subarray(0, 12), Buffer.from([0x20, 0, 0, 0])]),
    ],
    ['a client without an address', Buffer.concat([proxyHeader().subarray(0, 12), Buffer.from([0x21, 0, 0, 0])])],
  ])('names nobody for %s', (_, header) => {
    expect(readProxyHeader(header)).toEqual({ kind: 'header', bytes: 16 });
  });

  it('is incomplete as long as a byte is missing', () => {
    const header = proxyHeader();
    for (let length = 0; length < header.length; length += 1) {
      expect(readProxyHeader(header.subarray(0, length)).kind).toBe('incomplete');
    }
  });

  it.each([
    ['begins otherwise', Buffer.from('\x16\x03\x01\x02\x00')],
    ['is that of version 1', Buffer.from('PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n')],
    ['is of another version', spoiled(12, 0x31)],
    ['has an unknown command', spoiled(12, 0x22)],
    ['is longer than any', spoiled(14, 0x10)],
    ['is too short for its addresses', Buffer.concat([proxyHeader().subarray(0, 13), Buffer.from([0x21, 0, 2, 1, 2])])],
  ])('is invalid if it %s', (_, bytes) => {
    expect(readProxyHeader(bytes)).toEqual({ kind: 'invalid' });
  });

  it('never throws, whatever comes', () => {
    const start = proxyHeader().subarray(0, 12);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, begins) => {
        readProxyHeader(begins ? Buffer.concat([start, bytes]) : Buffer.from(bytes));
      }),
    );
  });
});

function spoiled(at: number, byte: number): Buffer {
  const header = Buffer.from(proxyHeader());
  header[at] = byte;
  return header;
}
