import { PushfleetError } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { AssignmentQueue, queueLimits } from './assignment-queue.ts';

const here = { hasGone: false };

/** Work that ends when the test says so; as many as may be under way at first. */
function busy(queue: AssignmentQueue, count: number = queueLimits.inFlight) {
  const ends = Array.from({ length: count }, () => Promise.withResolvers<void>());
  const runs = ends.map(({ promise }) => queue.run(here, () => promise));
  return {
    async end(many = count): Promise<void> {
      for (const { resolve } of ends.splice(0, many)) resolve();
      await settled();
    },
    runs,
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('assignments', () => {
  it('begin at once while few are under way, then the newest goes first', async () => {
    const queue = new AssignmentQueue(new ManualClock());
    const first = busy(queue);
    const order: number[] = [];
    const later = [1, 2, 3].map((id) => queue.run(here, async () => void order.push(id)));
    expect(order).toEqual([]);
    await first.end();
    await Promise.all(later);
    expect(order).toEqual([3, 2, 1]);
  });

  it('are not begun for clients that have gone', async () => {
    const queue = new AssignmentQueue(new ManualClock());
    const first = busy(queue);
    const caller = { hasGone: false };
    const run = queue.run(caller, async () => expect.unreachable('nobody would read the answer'));
    const refused = expect(run).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    caller.hasGone = true;
    await first.end(1);
    await refused;
    expect(queue.waiting).toBe(0);
  });

  it('that fail make room as well, and say why', async () => {
    const queue = new AssignmentQueue(new ManualClock());
    const runs = Array.from({ length: 200 }, () =>
      queue.run(here, async () => {
        throw new PushfleetError('NO_CAPACITY', 'full');
      }),
    );
    for (const run of await Promise.allSettled(runs)) {
      expect(run).toMatchObject({ status: 'rejected', reason: { code: 'NO_CAPACITY' } });
    }
  });

  it('that are too many, or have waited too long, are refused, the oldest first, each with a turn of its own', async () => {
    const clock = new ManualClock();
    const queue = new AssignmentQueue(clock);
    const first = busy(queue);
    const waiting = Array.from({ length: queueLimits.waiting + 3 }, () => queue.run(here, async () => 'done'));
    const refusals = await Promise.allSettled(waiting.slice(0, 3));
    const retries = refusals.map((one) => (one.status === 'rejected' ? one.reason.retryAfterMs : 0));
    expect(retries).toEqual([1_000, 1_020, 1_040]);
    expect(queue.waiting).toBe(queueLimits.waiting);
    clock.advance(queueLimits.patienceMs);
    const results = Promise.allSettled(waiting.slice(3));
    await first.end(1);
    for (const one of await results) expect(one).toMatchObject({ reason: { code: 'OVERLOADED' } });
    expect(queue.waiting).toBe(0);
  });
});

/**
 * A balancer that takes 2 ms for each assignment, and clients that come at 2,100 a second, wait for 10 s, and are gone then.
 * @returns How many got their answer in time, in each second.
 */
async function storm(seconds: number): Promise<number[]> {
  const clock = new ManualClock();
  const queue = new AssignmentQueue(clock);
  const costMs = 2;
  const answered = new Array<number>(seconds).fill(0);
  let busyUntilMs = 0;
  const due: { atMs: number; resolve: () => void }[] = [];
  const work = () =>
    new Promise<void>((resolve) => {
      busyUntilMs = Math.max(busyUntilMs, clock.now()) + costMs;
      due.push({ atMs: busyUntilMs, resolve });
    });
  for (let step = 0; step < seconds * 50; step += 1) {
    for (let client = 0; client < 42; client += 1) {
      const goneAtMs = clock.now() + 10_000;
      const caller = {
        get hasGone() {
          return clock.now() >= goneAtMs;
        },
      };
      queue.run(caller, work).then(
        () => {
          if (!caller.hasGone)
            answered[Math.floor(clock.now() / 1_000)] = (answered[Math.floor(clock.now() / 1_000)] ?? 0) + 1;
        },
        () => undefined,
      );
    }
    for (let part = 0; part < 10; part += 1) {
      clock.advance(costMs);
      while (due[0] && due[0].atMs <= clock.now()) due.shift()?.resolve();
      await settled();
    }
  }
  return answered;
}

it('what gets in does not collapse where impatient clients ask for four times what can be done', async () => {
  const perSecond = (await storm(30)).slice(1, -1);
  expect(Math.max(...perSecond)).toBeLessThanOrEqual(501);
  expect(Math.min(...perSecond)).toBeGreaterThanOrEqual(0.8 * Math.max(...perSecond));
});
