import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls, { type Server } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testTls } from '../../../../test/certificates/test-tls.ts';
import { createFleetContext, dial } from './dial.ts';

let server: Server;

beforeEach(async () => {
  server = tls.createServer(testTls, (socket) => socket.on('error', () => {}).end());
  await once(server.listen(0, '127.0.0.1'), 'listening');
});

afterEach(() => server.close());

/** How a handshake ends with a server whose certificate names 127.0.0.1 and localhost. */
function shake(identity: string, ca: string = testTls.ca): Promise<string> {
  return new Promise((resolve) => {
    const socket = dial(
      { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
      {
        secureContext: createFleetContext(ca),
        ...{ identity, alpn: 'mqtt', session: undefined },
        onSecure: () => resolve('secure'),
      },
    );
    socket.on('error', ({ message }) => resolve(message));
    socket.on('close', () => resolve('closed'));
  });
}

describe('a connection of the fleet', () => {
  it.each(['127.0.0.1', 'localhost'])('stands where the certificate names %s', async (identity) => {
    expect(await shake(identity)).toBe('secure');
  });

  it.each(['127.0.0.2', 'push.example'])('is refused where the certificate does not name %s', async (identity) => {
    expect(await shake(identity)).toBe(`the server's certificate does not name ${identity}`);
  });

  it('is refused where the CA is another one', async () => {
    expect(await shake('127.0.0.1', testTls.cert)).toMatch(/certificate/);
  });
});
