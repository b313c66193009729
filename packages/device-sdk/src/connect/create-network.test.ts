import { createServer, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { testTls } from '../../../../test/certificates/test-tls.ts';
import { findFreePorts } from '../../../../test/cluster/free-ports.ts';
import { meaningOf } from '../assignment/client.ts';
import { secureContextOf } from '../tls.ts';
import { createNetwork } from './create-network.ts';

const question = { deviceId: 'd1', secret: 's', unreachableNodeIds: [] };

/** The meaning of what comes of a question to a server that does this with each connection. */
async function ask(isGrpc: boolean, serve: (socket: Socket) => void, stops = false) {
  const server = createServer((socket) => serve(socket.on('error', () => {})));
  const [port = 0] = await findFreePorts(1);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  if (stops) await new Promise((resolve) => server.close(resolve));
  const network = createNetwork(isGrpc, secureContextOf(testTls.ca), false);
  const asked = network.ask(new URL(`https://127.0.0.1:${port}`), question, new AbortController().signal);
  const error = await asked.catch((thrown: unknown) => thrown);
  server.close();
  return meaningOf(error);
}

it.each([
  ['gRPC', true],
  ['HTTPS', false],
])('tells a balancer that turns the device away from one that is not there, over %s', async (_wire, isGrpc) => {
  expect(await ask(isGrpc, (socket) => void socket.destroy())).toBe('turnedAway');
  expect(await ask(isGrpc, (socket) => void socket.once('data', () => socket.destroy()))).toBe('turnedAway');
  expect(await ask(isGrpc, (socket) => void socket.once('data', () => socket.resetAndDestroy()))).toBe('turnedAway');
  expect(await ask(isGrpc, () => {}, true)).toBe('next');
});
