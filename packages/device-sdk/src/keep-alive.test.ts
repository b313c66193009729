import { expect, it } from 'vitest';
import { ManualClock } from '../../../test/time/manual-clock.ts';
import { KeepAlive } from './keep-alive.ts';

function start(intervalMs = 1_000) {
  const clock = new ManualClock();
  const happened: string[] = [];
  const keepAlive = new KeepAlive(clock, intervalMs, {
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
  expect(happened).toEqual(['ping 1000', 'ping 2000', 'ping 3000']);
});

it('takes a link for lost after two intervals of silence, and then rests', () => {
  const { clock, happened } = start();
  clock.advance(10_000);
  expect(happened).toEqual(['ping 1000', 'lost 2000']);
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
