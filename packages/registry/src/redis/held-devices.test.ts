import type { BootId, DeviceId } from '@pushfleet/protocol';
import { expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { HeldDevices } from './held-devices.ts';

const [boot, device] = ['b-1' as BootId, 'd-1' as DeviceId];

/** A set of devices that Redis reads when the test lets it. */
function start() {
  const clock = new ManualClock();
  const reads: PromiseWithResolvers<[string, string[]]>[] = [];
  const send = () => {
    const read = Promise.withResolvers<[string, string[]]>();
    reads.push(read);
    return read.promise;
  };
  const held = new HeldDevices({ send } as never, { heldDevices: (of: BootId) => of } as never, { clock });
  return { clock, reads, held };
}

it('says nothing where they take long to read, and goes on reading for whoever asks next', async () => {
  const { clock, reads, held } = start();
  const first = held.by([boot]);
  await clock.turn(60, 10);
  expect(await first).toBeUndefined();
  reads[0]?.resolve(['0', [device]]);
  expect(await held.by([boot])).toEqual(new Set([device]));
  expect([reads.length, clock.pending]).toEqual([1, 0]);
});

it('reads them once for all who ask within two seconds, and anew where that failed', async () => {
  const { clock, reads, held } = start();
  const asked = [held.by([boot]), held.by([boot])];
  reads[0]?.reject(new Error('away'));
  for (const one of await Promise.allSettled(asked)) expect(one.status).toBe('rejected');
  const again = held.by([boot]);
  reads[1]?.resolve(['0', [device]]);
  expect(await again).toEqual(new Set([device]));
  await clock.turn(1_900);
  expect(await held.by([boot])).toEqual(new Set([device]));
  await clock.turn(200);
  void held.by([boot]);
  expect(reads).toHaveLength(3);
});
