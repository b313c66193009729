import { type DeviceId, parseDeviceId } from '@pushfleet/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import type { DecideRedirect } from '../links/link-table.ts';
import type { Ticket } from '../session/session.ts';
import { EvacuationPacer } from './evacuation-pacer.ts';

const never = new AbortController().signal;
const anywhere: DecideRedirect = async () => undefined;

/** Devices that leave when they are redirected. */
class Here {
  readonly devices = new Set<DeviceId>();

  constructor(count: number) {
    for (let index = 0; index < count; index += 1) this.devices.add(parseDeviceId(`device-${index}`));
  }

  redirect = async (device: DeviceId, _reason: string, decide: DecideRedirect): Promise<boolean> => {
    const decision = await decide({ device } as Ticket);
    return decision !== 'stay' && this.devices.delete(device);
  };

  candidates = () => [...this.devices];
}

describe('devices that are evacuated', () => {
  let clock: ManualClock;
  let here: Here;
  let pacer: EvacuationPacer;

  beforeEach(() => {
    clock = new ManualClock();
    here = new Here(100);
    pacer = new EvacuationPacer(here, clock);
  });

  it.each([5, 20, 50])('leave at %i a second', async (ratePerSecond) => {
    void pacer.run({ candidates: here.candidates, decide: anywhere, ratePerSecond }, never);
    await clock.turn(1_000);
    expect(100 - here.devices.size).toBeGreaterThanOrEqual(ratePerSecond - 1);
    expect(100 - here.devices.size).toBeLessThanOrEqual(ratePerSecond + ratePerSecond / 10 + 1);
  });

  it('leave which have come meanwhile, too, until nobody is left', async () => {
    const run = pacer.run({ candidates: here.candidates, decide: anywhere, ratePerSecond: 100 }, never);
    await clock.turn(500);
    here.devices.add(parseDeviceId('late'));
    await clock.turn(2_000);
    expect(await run).toBe(101);
    expect(here.devices.size).toBe(0);
    expect(pacer.takeRedirected()).toBe(101);
    expect(pacer.takeRedirected()).toBe(0);
  });

  it('are tried again soon, where their slots had not come, and not behind all others', async () => {
    const stays = [...here.devices].slice(0, 5);
    const tried: string[] = [];
    const decide: DecideRedirect = async ({ device }) => {
      tried.push(device);
      return stays.includes(device) && clock.now() < 1_500 ? 'stay' : undefined;
    };
    const run = pacer.run({ candidates: here.candidates, decide, ratePerSecond: 20 }, never);
    await clock.turn(2_500);
    // Each a second after the last time, which is twice.
    expect(stays.filter((device) => here.devices.has(device))).toEqual([]);
    expect(stays.map((device) => tried.filter((one) => one === device).length)).toEqual(stays.map(() => 3));
    expect(here.devices.size).toBeGreaterThan(50);
    await clock.turn(5_000);
    expect(await run).toBe(100);
  });

  it('go last where they stay and stay, for they may have gone', async () => {
    const [gone] = here.devices as Set<DeviceId>;
    let tries = 0;
    const decide: DecideRedirect = async ({ device }) => {
      if (device !== gone) return undefined;
      tries += 1;
      return 'stay';
    };
    void pacer.run({ candidates: here.candidates, decide, ratePerSecond: 10 }, never);
    await clock.turn(8_000);
    expect(tries).toBe(5);
    expect(here.devices.size).toBeLessThan(30);
  });

  it('are no more than was asked for', async () => {
    const run = pacer.run({ candidates: here.candidates, decide: anywhere, ratePerSecond: 1_000, atMost: 7 }, never);
    await clock.turn(1_000);
    expect(await run).toBe(7);
    expect(here.devices.size).toBe(93);
  });

  it('may stay once it is called off', async () => {
    const stop = new AbortController();
    const run = pacer.run({ candidates: here.candidates, decide: anywhere, ratePerSecond: 10 }, stop.signal);
    await clock.turn(1_000);
    stop.abort();
    await clock.turn(1_000);
    expect(await run).toBe(100 - here.devices.size);
    expect(here.devices.size).toBeGreaterThan(85);
  });

  it('stay, those that are left, where nobody can say whereto; whoever asked is told why', async () => {
    const away = new Error('the registry takes no writes');
    let asked = 0;
    const decide: DecideRedirect = async () => {
      asked += 1;
      if (asked > 10) throw away;
      return undefined;
    };
    const run = pacer.run({ candidates: here.candidates, decide, ratePerSecond: 50 }, never);
    const ended = expect(run).rejects.toBe(away);
    await clock.turn(5_000);
    await ended;
    expect(here.devices.size).toBe(90);
    expect(asked).toBeLessThan(20);
  });

  it('are redirected by one evacuation only', async () => {
    const asked: DeviceId[] = [];
    const decide: DecideRedirect = async ({ device }) => {
      asked.push(device);
      await new Promise<void>((resolve) => void clock.after(500, resolve));
      return undefined;
    };
    const both = [1, 2].map(() => pacer.run({ candidates: here.candidates, decide, ratePerSecond: 100 }, never));
    await clock.turn(20_000);
    const [one = 0, other = 0] = await Promise.all(both);
    expect(one + other).toBe(100);
    expect(new Set(asked).size).toBe(asked.length);
  });
});
