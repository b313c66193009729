import { PushfleetError } from '@pushfleet/protocol';
import { expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { AssignmentRate, assignmentsPerSecond } from './assignment-rate.ts';

it.each([
  [400, 1, 800],
  [400, 2, 400],
  [400, 0, 800],
  [0, 1, 100],
  [30, 4, 100],
  [8_000_000, 40, 400_000],
])('of %d devices a second, %d balancers let %d ask each', (accepts, balancers, expected) => {
  expect(assignmentsPerSecond(accepts, balancers)).toBe(expected);
});

it('follows the list of balancers, and keeps the last while the registry does not answer', async () => {
  const clock = new ManualClock();
  const listed = { balancerId: 'a', peerAddress: '127.0.0.1:1' };
  let list = async () => [listed, { ...listed, balancerId: 'b' }];
  const rate = new AssignmentRate({ directory: { acceptsPerSecond: 1_000 }, balancers: { list: () => list() }, clock });
  expect(rate.perSecond).toBe(2_000);
  rate.start();
  await clock.turn(0);
  expect(rate.perSecond).toBe(1_000);
  list = async () => {
    throw new PushfleetError('REGISTRY_UNAVAILABLE', 'down');
  };
  await clock.turn(5_000);
  expect(rate.perSecond).toBe(1_000);
  list = async () => [listed];
  await clock.turn(5_000);
  expect(rate.perSecond).toBe(2_000);
  rate[Symbol.dispose]();
  expect(clock.pending).toBe(0);
});
