import type { common, DeviceId, TunnelId } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import {
  Arrivals,
  type OpenerOptions,
  type OrderStatus,
  refusalOf,
  TunnelOpener,
  type TunnelWorker,
} from './opener.ts';

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

describe('refusalOf', () => {
  it.each([
    ['OUTCOME_NOT_CONNECTED', '', 'NOT_CONNECTED', 'device "d" is not connected'],
    ['OUTCOME_REJECTED', 'not permitted', 'TUNNEL_REFUSED', 'not permitted'],
    ['OUTCOME_FAILED', 'ECONNREFUSED', 'TARGET_UNREACHABLE', 'ECONNREFUSED'],
    ['OUTCOME_EXPIRED', 'too late', 'TUNNEL_CLOSED', 'device "d" did not answer: too late'],
    ['OUTCOME_UNKNOWN', '', 'TUNNEL_CLOSED', 'device "d" did not answer'],
  ] as [common.Outcome, string, string, string][])('says what %s (%s) means', (outcome, reason, code, message) => {
    expect(refusalOf({ outcome, reason }, 'd' as DeviceId)).toMatchObject({ code, message });
  });

  it('is none where the device comes', () => {
    expect(refusalOf({ outcome: 'OUTCOME_SUCCEEDED', reason: '' }, 'd' as DeviceId)).toBeUndefined();
  });
});
