import { type CommandId, isDurable, parseCommandId } from '@pushfleet/protocol';
import { expect, it } from 'vitest';
import { balancerOf, CommandIds, createBalancerId } from './command-id.ts';

it('an id that a balancer makes keeps to the rules, names it, and is made once', () => {
  const balancers = Array.from({ length: 200 }, createBalancerId);
  const ids = balancers.map((balancer) => new CommandIds(balancer).next());
  expect(ids.map((id) => parseCommandId(id))).toEqual(ids);
  expect(ids.map((id) => balancerOf(id))).toEqual(balancers);
  expect(ids.filter((id) => isDurable(id))).toEqual([]);
  expect(new Set(balancers).size).toBe(200);
  const one = new CommandIds('aaaaaaaaaa');
  expect(new Set(Array.from({ length: 100 }, () => one.next())).size).toBe(100);
});

it('the ids that one balancer makes are numbered; others have no number', () => {
  const ids = new CommandIds('aaaaaaaaaa');
  const first = ids.numberOf(ids.next());
  expect(first).toBeGreaterThan(0);
  expect(ids.numberOf(ids.next())).toBe(first + 1);
  const others = [new CommandIds('bbbbbbbbbb').next(), 'reboot-1', 'aaaaaaaaaa-1x', 'aaaaaaaaaa-1-2', 'aaaaaaaaaa', ''];
  expect(others.map((id) => ids.numberOf(id))).toEqual(others.map(() => -1));
});

it.each([
  'reboot-1',
  'b6e7a1d2-0c1f-4f57-9f0e-2f1f3b1c5a11',
  'd-b6e7a1d2-0c1f-4f57-9f0e-2f1f3b1c5a11',
  'aaaaaaaaaa',
  'aaaaaaaaaa-b6e7a1d2-0c1f-4f57-9f0e-2f1f3b1c5a11',
  'aaaaaaaaaa-42',
  'aaaaaaaaaa-000000042',
  'aaaaaaaaa-100000042',
  'AAAAAAAAAA-100000042',
])('%s names no balancer', (id) => {
  expect(balancerOf(id as CommandId)).toBeUndefined();
});
