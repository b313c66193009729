import type { DeviceId } from '@pushfleet/protocol';
import type { SessionRef, VoidedTickets } from '@pushfleet/registry';
import { expect, it } from 'vitest';
import { ManualClock } from '../../../../../test/time/manual-clock.ts';
import { Outgoing, type Parcel } from './outgoing.ts';
import { TicketVoider } from './ticket-voider.ts';

/** A channel as far as orders go; what it was given comes out as messages. */
function channel(reachable = true) {
  const parcels: Parcel[] = [];
  return {
    add: (parcel: Parcel) => reachable && parcels.push(parcel) > 0,
    told: () => {
      const outgoing = new Outgoing();
      for (const parcel of parcels) parcel.pack(outgoing, 0);
      return outgoing.messages.flatMap(({ voidTickets = [] }) => voidTickets.map(({ deviceId }) => deviceId));
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
  const clock = new ManualClock();
  const [one, two, broken] = [channel(), channel(), channel(false)];
  const voider = new TicketVoider({ channels: () => [one, two, broken], clock });
  voider.tell(voided(2));
  expect([one, two, broken].map(({ told }) => told())).toEqual([['d0', 'd1'], ['d0', 'd1'], []]);
  clock.advance(299_999);
  const reached = channel();
  voider.onOpened(reached);
  expect(reached.told()).toEqual(['d0', 'd1']);
  clock.advance(1);
  const late = channel();
  voider.onOpened(late);
  expect(late.told()).toEqual([]);
});

it('remembers the newest where there are very many', () => {
  const voider = new TicketVoider({ channels: () => [], clock: new ManualClock() });
  voider.tell(voided(50_001));
  const reached = channel();
  voider.onOpened(reached);
  expect(reached.told()).toHaveLength(50_000);
  expect(reached.told()[0]).toBe('d1');
});

it('paces those whose links end by it, and no others', async () => {
  const clock = new ManualClock();
  const voider = new TicketVoider({ channels: () => [], clock });
  await voider.tellPaced(voided(1_000));
  let done = false;
  const paced = voider.tellPaced(voided(100, {})).then(() => {
    done = true;
  });
  await clock.turn(400);
  expect(done).toBe(false);
  await clock.turn(100);
  await paced;
  expect(done).toBe(true);
});
