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
