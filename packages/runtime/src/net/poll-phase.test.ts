import { setImmediate as nextCheck } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { PollPhase } from './poll-phase.ts';

describe('the poll phase', () => {
  let order: string[];
  let phase: PollPhase<string>;

  beforeEach(() => {
    order = [];
    phase = new PollPhase((item) => {
      order.push(item);
      setImmediate(() => order.push(`check after ${item}`));
    });
  });

  const phases: Record<string, (run: () => void) => void> = {
    timers: (run) => void setTimeout(run, 0),
    check: (run) => void setImmediate(run),
  };

  it.each(Object.keys(phases))(
    'comes after the %s phase and before the next check, for all that was added',
    async (name) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      phases[name]?.(() => {
        phase.add('a');
        phase.add('b');
        setImmediate(() => order.push('check'));
        resolve();
      });
      await promise;
      await expect.poll(() => order).toEqual(['a', 'b', 'check', 'check after a', 'check after b']);
    },
  );

  it('hands nothing out after disposal', async () => {
    phase.add('c');
    phase[Symbol.dispose]();
    phase.add('d');
    for (let turn = 0; turn < 3; turn += 1) await nextCheck();
    expect(order).toEqual([]);
  });
});
