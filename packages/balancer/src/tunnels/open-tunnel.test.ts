import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { OpenTunnel } from './open-tunnel.ts';

/** Two ends of a connection. */
async function connection(): Promise<[Socket, Socket]> {
  const server = net.createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const near = net.connect({ port: (server.address() as AddressInfo).port, allowHalfOpen: true });
  const [far] = (await once(server, 'connection')) as [Socket];
  server.close();
  for (const socket of [near, far]) socket.on('error', () => undefined);
  return [near, far];
}

async function open(limits: { idleLimitMs: number; timeLimitMs: number }) {
  const [caller, toCaller] = await connection();
  const [device, toDevice] = await connection();
  return { caller, device, tunnel: new OpenTunnel({ toCaller, toDevice }, limits, 0) };
}

it('ends when nothing has flowed for its idle limit, and not while something flows', async () => {
  const { caller, device, tunnel } = await open({ idleLimitMs: 1_000, timeLimitMs: 1_000_000 });
  tunnel.check(900);
  caller.write('ping');
  await once(device, 'data');
  tunnel.check(1_500);
  device.write('pong');
  await once(caller, 'data');
  tunnel.check(2_400);
  tunnel.check(3_399);
  expect([tunnel.bytesToDevice, tunnel.bytesFromDevice]).toEqual([4, 4]);
  tunnel.check(3_400);
  expect(await tunnel.ended).toMatchObject({ code: 'TUNNEL_CLOSED', message: 'idle' });
});

it('ends after its time limit, whatever flows', async () => {
  const { caller, device, tunnel } = await open({ idleLimitMs: 1_000, timeLimitMs: 3_000 });
  for (const nowMs of [900, 1_800, 2_700]) {
    caller.write('x');
    await once(device, 'data');
    tunnel.check(nowMs);
  }
  tunnel.check(3_000);
  expect(await tunnel.ended).toMatchObject({ message: 'time limit' });
  await once(caller.resume(), 'end');
});

it('ends without a reason when both sides have nothing more to say', async () => {
  const { caller, device, tunnel } = await open({ idleLimitMs: 1_000, timeLimitMs: 3_000 });
  caller.end('question');
  expect(String((await once(device, 'data'))[0])).toBe('question');
  device.end('answer');
  expect((await caller.toArray()).join('')).toBe('answer');
  expect(await tunnel.ended).toBeUndefined();
});
