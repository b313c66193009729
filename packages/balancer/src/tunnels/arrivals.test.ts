import type { DeviceId, TunnelId } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import { Arrivals, type TunnelWorker } from './arrivals.ts';

const [tunnel, device] = ['t' as TunnelId, 'd' as DeviceId];
const workers = ['w0', 'w1'].map((workerId) => ({ worker: { workerId } }) as TunnelWorker) as [
  TunnelWorker,
  TunnelWorker,
];
const never = Symbol('has not arrived');

describe('Arrivals', () => {
  it('gives the worker at which the device came first', async () => {
    const arrivals = new Arrivals();
    using expected = arrivals.expect(tunnel, device);
    arrivals.onArrival(workers[0], { tunnelId: tunnel, deviceId: device });
    arrivals.onArrival(workers[1], { tunnelId: tunnel, deviceId: device });
    expect(await expected.arrival).toBe(workers[0]);
  });

  it.each([
    ['of another tunnel', { tunnelId: 'other', deviceId: device }],
    ['of another device', { tunnelId: tunnel, deviceId: 'other' }],
  ])('takes no notice of the arrival %s', async (_, arrival) => {
    const arrivals = new Arrivals();
    using expected = arrivals.expect(tunnel, device);
    arrivals.onArrival(workers[0], arrival);
    expect(await Promise.race([expected.arrival, never])).toBe(never);
  });

  it('expects nobody any more once disposed', async () => {
    const arrivals = new Arrivals();
    const expected = arrivals.expect(tunnel, device);
    expected[Symbol.dispose]();
    arrivals.onArrival(workers[0], { tunnelId: tunnel, deviceId: device });
    expect(await Promise.race([expected.arrival, never])).toBe(never);
  });
});
