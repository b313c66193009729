import type { DeviceId } from '@pushfleet/protocol';
import type { SessionRef, VoidedTickets } from '@pushfleet/registry';
import { expect, it } from 'vitest';
import { ManualClock } from '../../../../../test/time/manual-clock.ts';
import { ChannelBatch, type OutboundItem } from './channel-batch.ts';
import { TicketVoider } from './ticket-voider.ts';

/** A channel, and the devices whose tickets it was given as void. */
function channel(reachable = true) {
  const items: OutboundItem[] = [];
  return {
    add: (item: OutboundItem) => reachable && items.push(item) > 0,
    devices: () => {
      const batch = new ChannelBatch();
      for (const item of items) item.addTo(batch, 0);
      return batch.messages.flatMap(({ voidTickets = [] }) => voidTickets.map(({ deviceId }) => deviceId));
    },
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
  const voider = new TicketVoider({ channels: () => [one, two, broken], clock });
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

it('remembers the newest where there are very many', () => {
  const voider = new TicketVoider({ channels: () => [], clock: new ManualClock({ nowMs: 1 }) });
  voider.announce(voided(50_001));
  const reached = channel();
  voider.onOpened(reached);
  expect(reached.devices()).toHaveLength(50_000);
  expect(reached.devices()[0]).toBe('d1');
});

it('paces those whose links end by it, and no others', async () => {
  const clock = new ManualClock({ nowMs: 1 });
  const voider = new TicketVoider({ channels: () => [], clock });
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
