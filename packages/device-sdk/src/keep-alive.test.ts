import { expect, it } from 'vitest';
import { ManualClock } from '../../../test/time/manual-clock.ts';
import { KeepAlive } from './keep-alive.ts';

function start(intervalMs = 1_000) {
  const clock = new ManualClock();
  const happened: string[] = [];
  const keepAlive = new KeepAlive({
    clock,
    intervalMs: () => intervalMs,
    held: () => happened.push(`held ${clock.now()}`),
    halfOpen: () => happened.push(`half-open ${clock.now()}`),
    ping: () => happened.push(`ping ${clock.now()}`),
    lost: () => happened.push(`lost ${clock.now()}`),
  });
  return { clock, happened, keepAlive };
}

it('pings an idle link once per interval while it is answered', () => {
  const { clock, happened, keepAlive } = start();
  for (let turn = 0; turn < 3; turn += 1) {
    clock.advance(1_000);
    keepAlive.heard();
  }
  expect(happened).toEqual(['ping 1000', 'held 1000', 'ping 2000', 'held 2000', 'ping 3000', 'held 3000']);
});

it('takes a link for lost after two intervals of silence, and then rests', () => {
  const { clock, happened } = start();
  clock.advance(10_000);
  expect(happened).toEqual(['ping 1000', 'half-open 2000', 'lost 2000']);
  expect(clock.pending).toBe(0);
});

it('does not ping a link on which both sides speak', () => {
  const { clock, happened, keepAlive } = start();
  for (let turn = 0; turn < 10; turn += 1) {
    clock.advance(700);
    keepAlive.sent();
    keepAlive.heard();
  }
  expect(happened).toEqual([]);
});

it('pings where much is sent and nothing is heard', () => {
  const { clock, happened, keepAlive } = start();
  for (let turn = 0; turn < 5; turn += 1) {
    clock.advance(500);
    keepAlive.sent();
  }
  expect(happened).toEqual(['ping 1000', 'lost 2000']);
});

it.each([100_000, 28_800_000])('asks once more after the device itself stood still for %i ms', (stallMs) => {
  const { clock, happened, keepAlive } = start(60_000);
  clock.advance(50_000);
  clock.stall(stallMs);
  const wokeAt = 50_000 + stallMs;
  expect(happened).toEqual([`ping ${wokeAt}`]);
  clock.advance(59_999);
  expect(happened).toEqual([`ping ${wokeAt}`]);
  keepAlive.heard();
  clock.advance(60_000);
  expect(happened.filter((one) => one.startsWith('lost'))).toEqual([]);
});

it('takes a link for lost on which nothing comes even after that', () => {
  const { clock, happened } = start(60_000);
  clock.advance(50_000);
  clock.stall(100_000);
  clock.advance(60_000);
  expect(happened).toEqual(['ping 150000', 'lost 210000']);
});

it('is silent once disposed', () => {
  const { clock, happened, keepAlive } = start();
  keepAlive[Symbol.dispose]();
  clock.advance(10_000);
  expect(happened).toEqual([]);
});

it('waits for an answer for a minute at most, however long the interval', () => {
  const { clock, happened } = start(600_000);
  clock.advance(3_600_000);
  expect(happened).toEqual(['ping 600000', 'half-open 660000', 'lost 660000']);
});

it('learns nothing of an interval in which one side spoke', () => {
  const { clock, happened, keepAlive } = start();
  clock.advance(500);
  keepAlive.heard();
  clock.advance(500);
  keepAlive.heard();
  expect(happened).toEqual(['ping 1000']);
});

it('takes a connection that breaks upon a ping after a silence for half-open, and no other', () => {
  const asked = start();
  asked.clock.advance(1_000);
  asked.keepAlive.broken();
  expect(asked.happened).toEqual(['ping 1000', 'half-open 1000']);
  expect(asked.clock.pending).toBe(0);
  const idle = start();
  idle.clock.advance(900);
  idle.keepAlive.broken();
  expect(idle.happened).toEqual([]);
});

it('asks in time where something waits for an answer, however long the interval', () => {
  const { clock, happened, keepAlive } = start(600_000);
  clock.advance(10_000);
  keepAlive.sent();
  keepAlive.askWithin(60_000);
  keepAlive.askWithin(60_000);
  clock.advance(60_000);
  keepAlive.heard();
  clock.advance(500_000);
  expect(happened).toEqual(['ping 70000']);
});

it('goes by an interval that changes while the link lives', () => {
  const clock = new ManualClock();
  const pings: number[] = [];
  let intervalMs = 1_000;
  const keepAlive: KeepAlive = new KeepAlive({
    clock,
    intervalMs: () => intervalMs,
    ping: () => pings.push(clock.now()),
    lost: () => {},
    held: () => {
      intervalMs *= 2;
    },
  });
  for (let turn = 0; turn < 70; turn += 1) {
    clock.advance(100);
    if (pings.at(-1) === clock.now()) keepAlive.heard();
  }
  expect(pings).toEqual([1_000, 3_000, 7_000]);
});
