import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { Channel, credentials, type ServiceError, status } from '@grpc/grpc-js';
import type { admin } from '@pushfleet/protocol';
import { FleetService } from '@pushfleet/protocol/admin';
import { expect, it } from 'vitest';
import { startBalancer } from './balancer.fixture.ts';
import { ConnectingChannel } from './connecting-channel.ts';

const secure = credentials.createInsecure();

function listNodes(channel: ConnectingChannel): Promise<admin.ListNodesResponse | ServiceError> {
  const client = new FleetService(channel.getTarget(), secure, { channelOverride: channel });
  return new Promise((resolve) => {
    client.listNodes({}, (error, response) => resolve(error ?? (response as admin.ListNodesResponse)));
  });
}

it('gives up what takes connections and says nothing, for all who wait, and connects anew for the next call', async () => {
  await using balancer = await startBalancer();
  balancer.answers.ListNodes = () => ({ nodes: [{ nodeId: 'dp-1' }] });
  const [host = '', port] = balancer.address.split(':');
  let connections = 0;
  const listener = net.createServer((socket) => {
    connections += 1;
    socket.on('error', () => {});
    if (connections === 1) return;
    const far = net.connect(Number(port), host).on('error', () => socket.destroy());
    socket
      .on('close', () => far.destroy())
      .pipe(far)
      .pipe(socket);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const target = `127.0.0.1:${(listener.address() as AddressInfo).port}`;
  const options = { 'grpc.use_local_subchannel_pool': 1 };
  const channel = new ConnectingChannel(() => new Channel(target, secure, options), { withinMs: 3_000 });

  const details = 'No connection established. Last error: nothing answered within 3 s';
  const failed = await Promise.all([listNodes(channel), listNodes(channel)]);
  expect(failed).toMatchObject([
    { code: status.UNAVAILABLE, details },
    { code: status.UNAVAILABLE, details },
  ]);
  expect(connections).toBe(1);
  expect(await listNodes(channel)).toMatchObject({ nodes: [{ nodeId: 'dp-1' }] });
  channel.close();
  listener.close();
});

it('does not end a call that has a connection, however long it takes', async () => {
  await using balancer = await startBalancer();
  const { promise, resolve } = Promise.withResolvers<object>();
  balancer.answers.ListNodes = () => promise;
  const channel = new ConnectingChannel(() => new Channel(balancer.address, secure, {}), { withinMs: 3_000 });
  const asked = listNodes(channel);
  await expect.poll(() => balancer.tokens.length).toBe(1);
  const silent = net.createServer();
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  // When this one is given up, the time of the other one is over as well.
  const other = new ConnectingChannel(() => new Channel(`127.0.0.1:${port}`, secure, {}), { withinMs: 3_100 });
  expect(await listNodes(other)).toMatchObject({ code: status.UNAVAILABLE });
  resolve({ nodes: [{ nodeId: 'dp-1' }] });
  expect(await asked).toMatchObject({ nodes: [{ nodeId: 'dp-1' }] });
  for (const one of [channel, other]) one.close();
  silent.close();
});
