import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import type { DeviceId, TunnelId } from '@pushfleet/protocol';
import { describe, expect, it, vi } from 'vitest';
import { TunnelHarness } from './tunnels.fixture.ts';
import { UsedTokens } from './tunnels.ts';

function failureOf(stream: Duplex): Promise<unknown> {
  return once(stream.resume(), 'error').then(([error]) => error);
}

it('announces a device that comes, and joins it with the balancer that takes the tunnel up', async () => {
  await using harness = await TunnelHarness.open();
  const device = await harness.come('t-1');
  expect(harness.announced).toEqual([{ tunnelId: 't-1', deviceId: 'd1' }]);
  // What the device says before anybody is there is kept.
  device.write('a greeting');
  const balancer = await harness.attach('t-1');
  expect(String((await once(balancer, 'data'))[0])).toBe('a greeting');
  balancer.end('a question');
  expect((await device.toArray()).join('')).toBe('a question');
});

it.each(['rubbish', '', 'x'.repeat(10_000)])('refuses a device with a token that is none', async (token) => {
  await using harness = await TunnelHarness.open();
  await expect(harness.come(token)).rejects.toMatchObject({ code: 'BAD_TOKEN' });
  expect(harness.announced).toEqual([]);
});

it('takes a token once, also after its tunnel has ended', async () => {
  await using harness = await TunnelHarness.open();
  const device = await harness.come('t-1');
  await expect(harness.come('t-1')).rejects.toMatchObject({ code: 'BAD_TOKEN', message: 'the token has been used' });
  const balancer = await harness.attach('t-1');
  device.end();
  balancer.end();
  await Promise.all([device.toArray(), balancer.toArray()]);
  await expect(harness.come('t-1')).rejects.toMatchObject({ code: 'BAD_TOKEN' });
  expect(harness.announced).toHaveLength(1);
});

it('lets go of a device for which no balancer comes', async () => {
  await using harness = await TunnelHarness.open();
  const failure = failureOf(await harness.come('t-1'));
  await harness.clock.turn(9_999);
  await expect(harness.attach('t-other')).rejects.toMatchObject({ code: 5 });
  await harness.clock.turn(1);
  expect(await failure).toMatchObject({ code: 'TUNNEL_CLOSED', message: 'no balancer took the tunnel up' });
  await expect(harness.attach('t-1')).rejects.toMatchObject({ code: 5, details: 'no tunnel "t-1" waits here' });
});

it('has no more than 1,000 devices waiting, and room again for each that leaves', async () => {
  await using harness = await TunnelHarness.open();
  const come = (nth: number) => harness.come(`t-${nth}`);
  const waiting: Awaited<ReturnType<typeof come>>[] = [];
  for (let nth = 0; nth < 1_000; nth += 100) {
    waiting.push(...(await Promise.all(Array.from({ length: 100 }, (_, at) => come(nth + at)))));
  }
  await expect(come(1_000)).rejects.toMatchObject({ code: 'OVERLOADED', message: 'too many tunnels wait here' });
  expect(harness.announced).toHaveLength(1_000);
  waiting[0]?.destroy();
  // The token of who was refused is still good.
  await vi.waitFor(() => come(1_000), 10_000);
});

it('gives a tunnel to one balancer only', async () => {
  await using harness = await TunnelHarness.open();
  await harness.come('t-1');
  await harness.attach('t-1');
  await expect(harness.attach('t-1')).rejects.toMatchObject({ code: 5 });
});

it('ends the tunnels of one device, those that wait too, and lets it come again', async () => {
  await using harness = await TunnelHarness.open();
  const waiting = failureOf(await harness.come('t-1'));
  const device = failureOf(await harness.come('t-2'));
  const balancer = failureOf(await harness.attach('t-2'));
  harness.tunnels.closeOf('d2' as DeviceId, 'of another device');
  harness.tunnels.closeOf('d1' as DeviceId, 'its tickets are void');
  const closed = { code: 'TUNNEL_CLOSED', message: 'its tickets are void' };
  expect(await Promise.all([waiting, device, balancer])).toMatchObject([closed, closed, closed]);
  await harness.come('t-3');
});

it('ends all tunnels with the reason when it closes, and takes devices again when it reopens', async () => {
  await using harness = await TunnelHarness.open();
  const waiting = failureOf(await harness.come('t-1'));
  const device = failureOf(await harness.come('t-2'));
  const balancer = failureOf(await harness.attach('t-2'));
  harness.tunnels.close('the push server is draining');
  const closed = { code: 'TUNNEL_CLOSED', message: 'the push server is draining' };
  expect(await Promise.all([waiting, device, balancer])).toMatchObject([closed, closed, closed]);
  await expect(harness.come('t-3')).rejects.toMatchObject(closed);
  harness.tunnels.reopen();
  await harness.come('t-3');
  expect(harness.announced.map(({ tunnelId }) => tunnelId)).toEqual(['t-1', 't-2', 't-3']);
});

describe('a token', () => {
  const [a, b] = ['a', 'b'] as TunnelId[] as [TunnelId, TunnelId];

  it('takes each token once for as long as it is good', () => {
    const used = new UsedTokens();
    expect(used.use(a, 0)).toBe(true);
    expect(used.use(b, 1_000)).toBe(true);
    expect(used.use(a, 149_999)).toBe(false);
    expect(used.use(b, 150_500)).toBe(false);
  });

  it('forgets those that have expired', () => {
    const used = new UsedTokens();
    used.use(a, 0);
    expect(used.use(a, 150_000)).toBe(true);
  });
});
