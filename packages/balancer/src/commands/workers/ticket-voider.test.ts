import type { DeviceId } from '@pushfleet/protocol';
import { type SessionRef, toRegistryError, type VoidedTickets } from '@pushfleet/registry';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../../test/time/manual-clock.ts';
import { ChannelBatch, type OutboundItem } from './channel-batch.ts';
import { TicketVoider } from './ticket-voider.ts';

/** A channel, and the devices whose tickets it was given as void. */
function channel(reachable = true) {
  const items: OutboundItem[] = [];
  return {
    add: (item: OutboundItem) => reachable && items.push(item) > 0,
    devices: () => messagesOf(items).flatMap(({ voidTickets = [] }) => voidTickets.map(({ deviceId }) => deviceId)),
    checks: () => messagesOf(items).flatMap(({ sessionChecks = [] }) => sessionChecks),
    checked: () => messagesOf(items).flatMap(({ sessionChecks = [] }) => sessionChecks.map(({ deviceId }) => deviceId)),
  };
}

function messagesOf(items: readonly OutboundItem[]): ChannelBatch['messages'] {
  const batch = new ChannelBatch();
  for (const item of items) item.addTo(batch, 0);
  return batch.messages;
}

/** Sessions of which only those of `open` are there. */
function sessionsOf(...open: string[]) {
  return {
    findMany: async (devices: readonly DeviceId[]) =>
      new Map(devices.filter((device) => open.includes(device)).map((device) => [device, {} as SessionRef])),
  };
}

function voided(count: number, session?: object): VoidedTickets[] {
  return Array.from({ length: count }, (_, at) => ({
    device: `d${at}` as DeviceId,
    generation: 7,
    session: session as SessionRef | undefined,
  }));
}

it('tells every worker, and those that were out of reach once they are reached, for five minutes', () => {
  const clock = new ManualClock({ nowMs: 1 });
  const [one, two, broken] = [channel(), channel(), channel(false)];
  const voider = new TicketVoider({ channels: () => [one, two, broken], sessions: sessionsOf(), clock });
  voider.announce(voided(2));
  expect([one, two, broken].map(({ devices }) => devices())).toEqual([['d0', 'd1'], ['d0', 'd1'], []]);
  clock.advance(299_999);
  const reached = channel();
  voider.onOpened(reached);
  expect(reached.devices()).toEqual(['d0', 'd1']);
  clock.advance(2);
  const late = channel();
  voider.onOpened(late);
  expect(late.devices()).toEqual([]);
});

it('lets workers check the sessions of devices that are about to be changed once the change is over, whoever lives then', () => {
  const one = channel();
  const voider = new TicketVoider({ channels: () => [one], sessions: sessionsOf('d1'), clock: new ManualClock() });
  voider.prepare(['d1' as DeviceId, 'd2' as DeviceId]);
  expect(one.checks()).toEqual([
    { deviceId: 'd1', afterMs: 10_000 },
    { deviceId: 'd2', afterMs: 10_000 },
  ]);
});

it('remembers the newest where there are very many', () => {
  const voider = new TicketVoider({ channels: () => [], sessions: sessionsOf(), clock: new ManualClock({ nowMs: 1 }) });
  voider.announce(voided(50_001));
  const reached = channel();
  voider.onOpened(reached);
  expect(reached.devices()).toHaveLength(50_000);
  expect(reached.devices()[0]).toBe('d1');
});

it('paces those whose links end by it, and no others', async () => {
  const clock = new ManualClock({ nowMs: 1 });
  const voider = new TicketVoider({ channels: () => [], sessions: sessionsOf(), clock });
  await voider.announcePaced(voided(1_000));
  let done = false;
  const paced = voider.announcePaced(voided(100, {})).then(() => {
    done = true;
  });
  await clock.turn(400);
  expect(done).toBe(false);
  await clock.turn(100);
  await paced;
  expect(done).toBe(true);
});

describe('a change that got no answer', () => {
  const lost = toRegistryError('the registry', { kind: 'away', why: 'does not answer' }, undefined);
  const devices = ['d0', 'd1'] as DeviceId[];

  // Simulation, seed 11462: b2 disconnects a device while it does not reach the registry, which gets the question a minute later.
  it('lets workers check the sessions that are not there, once the registry answers', async () => {
    const clock = new ManualClock({ nowMs: 1 });
    const worker = channel();
    let [asked, answers] = [0, false];
    const { findMany } = sessionsOf('d1');
    using voider = new TicketVoider({
      channels: () => [worker],
      sessions: {
        findMany: async (ids) => {
          asked += 1;
          if (!answers) throw lost;
          return findMany(ids);
        },
      },
      clock,
    });
    voider.onFailed(devices, lost);
    await clock.turn(3_000);
    expect([asked, worker.checked()]).toEqual([3, []]);
    answers = true;
    await clock.turn(10_000);
    expect([asked, worker.checked()]).toEqual([4, ['d0']]);
    const late = channel();
    voider.onOpened(late);
    expect([late.checked(), late.devices()]).toEqual([['d0'], []]);
  });

  it('lets nobody check anything where the registry said that it did not do it', async () => {
    const clock = new ManualClock({ nowMs: 1 });
    const worker = channel();
    using voider = new TicketVoider({ channels: () => [worker], sessions: sessionsOf(), clock });
    voider.onFailed(devices, toRegistryError('the registry', { kind: 'refuses-writes', why: 'is full' }, undefined));
    await clock.turn(10_000);
    expect(worker.checked()).toEqual([]);
  });
});
