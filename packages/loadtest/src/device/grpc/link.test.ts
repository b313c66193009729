import { once } from 'node:events';
import http2 from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import type { LinkEnd } from '../link.ts';
import { LeanGrpcLink } from './link.ts';

it('has ended as soon as the status of its call is there, while the connection is still open', async () => {
  const server = http2.createServer();
  const connections: http2.ServerHttp2Session[] = [];
  server.on('session', (session) => connections.push(session));
  server.on('stream', (stream: http2.ServerHttp2Stream) => {
    stream.on('data', () => {});
    stream.respond({ 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => {
      stream.sendTrailers({ 'grpc-status': '14', 'pushfleet-close-reason': 'useAnotherServer' });
    });
    stream.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const connection of connections) connection.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const end = await new Promise<LinkEnd>((onEnd) => {
    const link = new LeanGrpcLink({
      dial: () => connect(port, '127.0.0.1').once('connect', () => link.greet()),
      scheme: 'http',
      authority: `127.0.0.1:${port}`,
      ticket: 'a ticket',
      events: { onHeard: () => {}, onUp: () => {}, onCommand: () => false, onEnd } as never,
    });
  });
  expect(end).toMatchObject({ reason: 'useAnotherServer', retry: 'reassign' });
});
