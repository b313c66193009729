import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Epoch, parseDeviceId } from '@pushfleet/protocol';
import type { Sessions } from '@pushfleet/registry';
import { expect, it, vi } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { SessionCloser } from './session-closer.ts';

it('closes 64 sessions at a time, the others as those are done', async () => {
  const answers: (() => void)[] = [];
  const close = () => new Promise<boolean>((resolve) => answers.push(() => resolve(true)));
  const closer = new SessionCloser({ close } as unknown as Sessions, new ManualClock());
  for (let nth = 0; nth < 100; nth += 1) closer.close(parseDeviceId(`d${nth}`), 7 as Epoch, 'goodbye');
  await nextTurn();
  expect(answers).toHaveLength(64);
  answers[0]?.();
  await vi.waitFor(() => expect(answers).toHaveLength(65));
  const closed = closer[Symbol.asyncDispose]();
  for (let nth = 1; nth < 100; nth += 1) {
    await vi.waitUntil(() => answers.length > nth);
    answers[nth]?.();
  }
  await closed;
  expect(answers).toHaveLength(100);
});

// Simulation, seed 7016 with 8 devices: a replica takes over the registry that has not seen the end of a session.
it('closes again what a registry has lost, as it was closed, and as often as it loses it', async () => {
  const closed: unknown[] = [];
  let isAway = true;
  const close = async (...closing: unknown[]) => {
    if (isAway) throw new Error('away');
    closed.push(closing);
    return true;
  };
  const clock = new ManualClock();
  await using closer = new SessionCloser({ close } as unknown as Sessions, clock);
  closer.close(parseDeviceId('d1'), 7 as Epoch, 'goodbye');
  await clock.turn(500);
  closer.repeat();
  isAway = false;
  await clock.turn(1_000);
  expect(closed, 'what was not confirmed is tried once').toEqual([['d1', 7, 'goodbye']]);
  for (let times = 2; times < 4; times += 1) {
    closer.repeat();
    await vi.waitFor(() => expect(closed).toHaveLength(times));
  }
  expect(closed).toEqual(Array(3).fill(['d1', 7, 'goodbye']));
});
