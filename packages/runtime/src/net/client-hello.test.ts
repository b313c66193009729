import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { helloBytes, readHello } from './client-hello.ts';

const keyName = 'name of the key!';
const ticket = Buffer.concat([Buffer.from(keyName), randomBytes(200)]);

function withLength(bytes: Buffer, lengthBytes: number): Buffer {
  const head = Buffer.alloc(lengthBytes);
  head.writeUIntBE(bytes.length, 0, lengthBytes);
  return Buffer.concat([head, bytes]);
}

function extension(type: number, data: Buffer): Buffer {
  return Buffer.concat([Buffer.from([type >> 8, type & 255]), withLength(data, 2)]);
}

function helloWith(...all: Buffer[]): Buffer {
  const body = Buffer.concat([
    Buffer.from([3, 3]),
    randomBytes(32),
    withLength(randomBytes(32), 1),
    withLength(Buffer.from([0x13, 0x01, 0xc0, 0x2b]), 2),
    withLength(Buffer.from([0]), 1),
    withLength(Buffer.concat(all), 2),
  ]);
  const message = Buffer.concat([Buffer.from([1]), withLength(body, 3)]);
  return Buffer.concat([Buffer.from([0x16, 3, 1]), withLength(message, 2)]);
}

const psk = (identity: Buffer) =>
  extension(
    41,
    Buffer.concat([
      withLength(Buffer.concat([withLength(identity, 2), Buffer.alloc(4)]), 2),
      withLength(withLength(randomBytes(32), 1), 2),
    ]),
  );
const serverName = extension(
  0,
  withLength(Buffer.concat([Buffer.from([0]), withLength(Buffer.from('localhost'), 2)]), 2),
);

describe('a ClientHello', () => {
  it.each<[string, Buffer, string]>([
    ['a TLS 1.3 client that resumes', helloWith(serverName, psk(ticket)), keyName],
    ['a TLS 1.2 client that resumes', helloWith(extension(35, ticket), serverName), keyName],
    ['one that offers both', helloWith(extension(35, randomBytes(64)), psk(ticket)), keyName],
  ])('of %s names the key of its ticket', (_, hello, expected) => {
    expect(readHello(hello)).toEqual({ kind: 'ticket', keyName: expected });
  });

  it.each<[string, Buffer]>([
    ['has no extensions', helloWith()],
    ['is new here', helloWith(serverName, extension(35, Buffer.alloc(0)))],
    ['has a ticket that is too short for a name', helloWith(extension(35, randomBytes(15)))],
    ['has an identity that is too short for a name', helloWith(extension(41, Buffer.from([0, 3, 0, 1, 7])))],
    ['has an extension that is longer than the hello', helloWith(Buffer.from([0, 35, 0xff, 0xff, 1, 2]))],
    ['is longer than anybody needs', helloWith(extension(21, Buffer.alloc(helloBytes)), psk(ticket))],
    ['speaks another protocol', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['sends an alert', Buffer.from([0x15, 3, 1, 0, 2, 1, 0])],
    ['sends an empty record', Buffer.from([0x16, 3, 1, 0, 0])],
  ])('of a client that %s is that of a stranger', (_, hello) => {
    expect(readHello(hello)).toEqual({ kind: 'stranger' });
  });

  it('is incomplete at every length but its own, and what follows it does not matter', () => {
    const hello = helloWith(serverName, psk(ticket));
    for (let length = 0; length < hello.length; length += 1)
      expect(readHello(hello.subarray(0, length))).toEqual({ kind: 'incomplete' });
    expect(readHello(Buffer.concat([hello, randomBytes(100)]))).toEqual({ kind: 'ticket', keyName });
  });

  it('of any bytes is never more than a stranger, and no exception', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const record = Buffer.concat([Buffer.from([0x16, 3, 1]), withLength(Buffer.from(bytes), 2)]);
        for (const each of [
          Buffer.from(bytes),
          record,
          Buffer.concat([record.subarray(0, 5), Buffer.from([1]), bytes]),
        ])
          expect(['incomplete', 'stranger', 'ticket']).toContain(readHello(each).kind);
      }),
      { numRuns: 2_000 },
    );
  });

  it('with any byte of it changed is read, or is that of a stranger', () => {
    const hello = helloWith(serverName, extension(35, ticket), psk(ticket));
    fc.assert(
      fc.property(fc.nat(hello.length - 1), fc.nat(255), fc.nat(hello.length), (at, value, length) => {
        const changed = Buffer.from(hello);
        changed[at] = value;
        expect(['incomplete', 'stranger', 'ticket']).toContain(readHello(changed.subarray(0, length)).kind);
        expect(['incomplete', 'stranger', 'ticket']).toContain(readHello(changed).kind);
      }),
      { numRuns: 2_000 },
    );
  });

  it('of Node.js own client is read', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = tls.connect({ port: (server.address() as net.AddressInfo).port, host: '127.0.0.1' });
    client.on('error', () => {});
    const [socket] = (await once(server, 'connection')) as [net.Socket];
    let hello = Buffer.alloc(0);
    while (readHello(hello).kind === 'incomplete') hello = Buffer.concat([hello, (await once(socket, 'data'))[0]]);
    expect(readHello(hello)).toEqual({ kind: 'stranger' });
    client.destroy();
    socket.destroy();
    server.close();
  });
});
