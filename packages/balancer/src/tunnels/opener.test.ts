import type { DeviceId, TunnelId } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { type OpenerOptions, TunnelOpener } from './opener.ts';
import type { OrderStatus } from './refusal.ts';

const request = { device: 'd' as DeviceId, target: '127.0.0.1:22', idleLimitMs: 1_000, timeLimitMs: 1_000 };
const id = 't' as TunnelId;

/** An opener whose device answers what it is told; time passes when `elapse` is called. */
function setUp(order: OpenerOptions['order']) {
  const clock = new ManualClock();
  const opener = new TunnelOpener({
    signToken: async (device, tunnel) => `${device}/${tunnel}`,
    order,
    attended: clock,
  });
  return { opener, elapse: () => clock.advance(30_000) };
}

const noAnswer = () => new Promise<OrderStatus>(() => {});

describe('TunnelOpener', () => {
  it('tells the device the tunnel, the target and a token', async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const { opener } = setUp(async (device, operation) => {
      resolve([device, operation]);
      return { outcome: 'OUTCOME_REJECTED', reason: 'no' };
    });
    await expect(opener.open(id, request, new AbortController().signal)).rejects.toMatchObject({ message: 'no' });
    const openTunnel = { tunnelId: 't', target: '127.0.0.1:22', token: 'd/t' };
    expect(await promise).toEqual(['d', { kind: 'openTunnel', openTunnel }]);
  });

  it('gives up a device that says yes and does not come', async () => {
    const { opener, elapse } = setUp(async () => ({ outcome: 'OUTCOME_SUCCEEDED', reason: '' }));
    const opening = opener.open(id, request, new AbortController().signal);
    elapse();
    await expect(opening).rejects.toMatchObject({
      code: 'TUNNEL_CLOSED',
      message: 'device "d" did not come for the tunnel in time',
    });
  });

  it('withdraws the order when the caller leaves', async () => {
    const gone = new AbortController();
    let withdrawn: AbortSignal | undefined;
    const { opener } = setUp((_device, _operation, signal) => {
      withdrawn = signal;
      return noAnswer();
    });
    const opening = opener.open(id, request, gone.signal);
    gone.abort(new Error('left'));
    await expect(opening).rejects.toThrow('left');
    expect(withdrawn?.aborted).toBe(true);
  });
});
