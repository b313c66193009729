import { type DeviceId, type node, parseDeviceId } from '@pushfleet/protocol';
import { createLogger } from '@pushfleet/runtime';
import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import type { DecideRedirect } from '../links/link-table.ts';
import type { Ticket } from '../session/session.ts';
import { EvacuationPacer } from './evacuation-pacer.ts';
import { RedirectRequests } from './redirect-requests.ts';

const target = { nodeId: 'dp-2', address: 'two.example', port: 13_295 };
const request: node.RedirectRequest = { redirectId: 'm1', target, deviceCount: 0, deviceIds: [], ratePerSecond: 10 };
const never = new AbortController().signal;

describe('a request to redirect devices', () => {
  let clock: ManualClock;
  let here: Set<DeviceId>;
  let room: number;
  let requests: RedirectRequests;
  let reports: node.RedirectProgress[];
  const report = (report: node.RedirectProgress) => void reports.push(report);

  beforeEach(() => {
    clock = new ManualClock();
    here = new Set(Array.from({ length: 50 }, (_, index) => parseDeviceId(`device-${index}`)));
    room = 1_000;
    reports = [];
    const redirect = async (device: DeviceId, _reason: string, decide: DecideRedirect) =>
      (await decide({ device } as Ticket)) !== 'stay' && here.delete(device);
    requests = new RedirectRequests({
      pacer: new EvacuationPacer({ redirect }, clock),
      liveDevices: () => [...here],
      reserveOn: async (_ticket, server) => {
        room -= 1;
        return room >= 0 ? server : 'stay';
      },
      clock,
      logger: createLogger('test', 'silent'),
    });
  });

  it('moves so many, and tells how it goes once a second and at the end', async () => {
    void requests.run({ ...request, deviceCount: 25 }, never, report);
    await clock.turn(4_000);
    expect(here.size).toBe(25);
    expect(reports.at(-1)).toEqual({ redirectId: 'm1', redirected: 25, done: true });
    expect(reports.filter(({ done }) => !done)).toHaveLength(2);
  });

  it('moves those that are named, as far as they are here', async () => {
    void requests.run({ ...request, deviceIds: ['device-1', 'device-2', 'nobody'] }, never, report);
    await clock.turn(2_000);
    expect(here.size).toBe(48);
    expect(here.has(parseDeviceId('device-1'))).toBe(false);
    expect(reports).toEqual([{ redirectId: 'm1', redirected: 2, done: true }]);
  });

  it('lets those that are named ask a balancer where no target is named, and moves no others', async () => {
    room = 0;
    void requests.run({ ...request, target: null, deviceIds: ['device-1', 'device-2'] }, never, report);
    void requests.run({ ...request, redirectId: 'm2', target: null, deviceCount: 5 }, never, report);
    await clock.turn(2_000);
    expect(here.size).toBe(48);
    expect(reports).toContainEqual({ redirectId: 'm1', redirected: 2, done: true });
    expect(reports).toContainEqual({ redirectId: 'm2', redirected: 0, done: true });
  });

  it('ends when the target has no place left, and tells nobody to go there in vain', async () => {
    room = 8;
    void requests.run({ ...request, deviceCount: 25 }, never, report);
    await clock.turn(4_000);
    expect(here.size).toBe(42);
    expect(reports.at(-1)).toEqual({ redirectId: 'm1', redirected: 8, done: true });
  });

  it('ends with the channel that it came over', async () => {
    const channel = new AbortController();
    void requests.run({ ...request, deviceCount: 25 }, channel.signal, report);
    await clock.turn(1_000);
    channel.abort();
    await clock.turn(4_000);
    expect(here.size).toBeGreaterThan(35);
    expect(reports.at(-1)?.done).toBe(true);
  });

  it('is carried out once, however often it comes', async () => {
    for (let times = 0; times < 3; times += 1) void requests.run({ ...request, deviceCount: 10 }, never, report);
    await clock.turn(4_000);
    expect(here.size).toBe(40);
    expect(reports.filter(({ done }) => done)).toHaveLength(1);
  });
});
