import type { DeviceId } from '@pushfleet/protocol';
import type { SessionRef } from '@pushfleet/registry';
import { expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { CommandSweep } from './command-sweep.ts';

const session = {} as SessionRef;
const found = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ device: `device-${index}` as DeviceId, session }));

function createSweep(answers: number[]) {
  const woken: string[] = [];
  const asked: [number, number][] = [];
  const clock = new ManualClock();
  const sweep = new CommandSweep({
    commands: {
      overdue: async (olderThanMs, limit) => {
        asked.push([olderThanMs, limit]);
        return found(answers.shift() ?? 0);
      },
    },
    wakeWorker: (device) => woken.push(device),
    clock,
  });
  const tickAt = (atMs: number) => {
    clock.advance(atMs - clock.now());
    return sweep.tick();
  };
  return { tickAt, woken, asked };
}

it('sends the workers of devices whose commands are overdue, every five seconds', async () => {
  const { tickAt, woken, asked } = createSweep([2]);
  for (const atMs of [0, 1_000, 4_999, 5_000]) await tickAt(atMs);
  expect(woken).toEqual(['device-0', 'device-1']);
  expect(asked).toEqual([
    [5_000, 500],
    [5_000, 500],
  ]);
});

it('looks on at the next tick while there are many', async () => {
  const { tickAt, woken } = createSweep([400, 10, 10]);
  for (const atMs of [0, 1_000, 2_000]) await tickAt(atMs);
  expect(woken).toHaveLength(410);
});
