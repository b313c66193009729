import { expect, it } from 'vitest';
import { LoopLag } from './loop-lag.ts';

it('weighs a stall by the time that it lasts', () => {
  const lag = new LoopLag();
  for (let turn = 0; turn < 90; turn += 1) lag.onTurn(turn % 2 === 0 ? 0.2 : -0.2);
  expect(lag.figures.p99Ms).toBeCloseTo(0.2, 2);
  // 300 ms of 1,200: what came then waited for 0 to 300.
  lag.onTurn(300);
  expect(lag.figures.p99Ms).toBeCloseTo(290, 0);
  expect(lag.figures.maxMs).toBeCloseTo(300, 0);
});
