import { expect, it } from 'vitest';
import { ManualClock } from '../../../test/time/manual-clock.ts';
import { Unanswered } from './unanswered.ts';

it('asks again a second later until there is an answer, and about the others soon after it', async () => {
  const clock = new ManualClock();
  const asked: number[][] = [];
  let answers = false;
  using unanswered = new Unanswered<number>({
    ask: async (keys) => {
      asked.push([...keys]);
      if (!answers) throw new Error('no answer');
    },
    clock,
  });
  unanswered.add(Array.from({ length: 300 }, (_, key) => key));
  await clock.turn(999);
  expect(asked).toEqual([]);
  await clock.turn(1_200);
  expect(asked.map(({ length }) => length)).toEqual([256, 256]);
  answers = true;
  await clock.turn(1_000);
  await clock.turn(100);
  expect(new Set(asked.slice(2).flat()).size).toBe(300);
  expect(clock.pending).toBe(0);
});

it('asks a second later about those that come back while it asks', async () => {
  const clock = new ManualClock();
  const askedAtMs: number[] = [];
  using unanswered: Unanswered<string> = new Unanswered<string>({
    ask: async (keys) => {
      if (askedAtMs.push(clock.now()) < 3) unanswered.add(keys);
    },
    clock,
  });
  unanswered.add(['one']);
  await clock.turn(5_000);
  expect(askedAtMs).toEqual([1_000, 2_000, 3_000]);
});

it('leaves out those beyond 50,000', async () => {
  const clock = new ManualClock();
  let asked = 0;
  using unanswered = new Unanswered<number>({
    ask: async (keys) => {
      asked += keys.length;
    },
    clock,
  });
  unanswered.add(Array.from({ length: 50_001 }, (_, key) => key));
  await clock.turn(60_000);
  expect([asked, clock.pending]).toEqual([50_000, 0]);
});
