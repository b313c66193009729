import { type DeviceId, parseDeviceId } from '@pushfleet/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import type { Ticket } from '../tickets/ticket.ts';
import { Departures, type FindDestination } from './departures.ts';

const never = new AbortController().signal;
const anywhere: FindDestination = async () => undefined;

/** Devices that leave when they are told to. */
class Here {
  readonly devices = new Set<DeviceId>();

  constructor(count: number) {
    for (let index = 0; index < count; index += 1) this.devices.add(parseDeviceId(`device-${index}`));
  }

  handOver = async (device: DeviceId, _reason: string, find: FindDestination): Promise<boolean> => {
    const destination = await find({ device } as Ticket);
    return destination !== 'stay' && this.devices.delete(device);
  };

  candidates = () => [...this.devices];
}

describe('devices that are told to leave', () => {
  let clock: ManualClock;
  let here: Here;
  let departures: Departures;

  beforeEach(() => {
    clock = new ManualClock();
    here = new Here(100);
    departures = new Departures(here, clock);
  });

  it.each([5, 20, 50])('leave at %i a second', async (ratePerSecond) => {
    void departures.run({ candidates: here.candidates, find: anywhere, ratePerSecond }, never);
    await clock.turn(1_000);
    expect(100 - here.devices.size).toBeGreaterThanOrEqual(ratePerSecond - 1);
    expect(100 - here.devices.size).toBeLessThanOrEqual(ratePerSecond + ratePerSecond / 10 + 1);
  });

  it('are told which have come meanwhile, too, until nobody is left', async () => {
    const run = departures.run({ candidates: here.candidates, find: anywhere, ratePerSecond: 100 }, never);
    await clock.turn(500);
    here.devices.add(parseDeviceId('late'));
    await clock.turn(2_000);
    expect(await run).toBe(101);
    expect(here.devices.size).toBe(0);
    expect(departures.takeTold()).toBe(101);
    expect(departures.takeTold()).toBe(0);
  });

  it('are no more than was asked for', async () => {
    const run = departures.run({ candidates: here.candidates, find: anywhere, ratePerSecond: 1_000, atMost: 7 }, never);
    await clock.turn(1_000);
    expect(await run).toBe(7);
    expect(here.devices.size).toBe(93);
  });

  it('may stay once it is called off', async () => {
    const stop = new AbortController();
    const run = departures.run({ candidates: here.candidates, find: anywhere, ratePerSecond: 10 }, stop.signal);
    await clock.turn(1_000);
    stop.abort();
    await clock.turn(1_000);
    expect(await run).toBe(100 - here.devices.size);
    expect(here.devices.size).toBeGreaterThan(85);
  });

  it('are told by one departure only', async () => {
    const asked: DeviceId[] = [];
    const find: FindDestination = async ({ device }) => {
      asked.push(device);
      await new Promise<void>((resolve) => void clock.after(500, resolve));
      return undefined;
    };
    const both = [1, 2].map(() => departures.run({ candidates: here.candidates, find, ratePerSecond: 100 }, never));
    await clock.turn(20_000);
    const [one = 0, other = 0] = await Promise.all(both);
    expect(one + other).toBe(100);
    expect(new Set(asked).size).toBe(asked.length);
  });
});
