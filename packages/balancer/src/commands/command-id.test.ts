import { type CommandId, isDurable, parseCommandId } from '@pushfleet/protocol';
import { expect, it } from 'vitest';
import { balancerOf, createBalancerId, directCommandId } from './command-id.ts';

it('an id that a balancer makes keeps to the rules, names it, and is made once', () => {
  const balancers = Array.from({ length: 200 }, createBalancerId);
  const ids = balancers.map(directCommandId);
  expect(ids.map((id) => parseCommandId(id))).toEqual(ids);
  expect(ids.map(balancerOf)).toEqual(balancers);
  expect(ids.filter(isDurable)).toEqual([]);
  expect(new Set(balancers).size).toBe(200);
  expect(directCommandId('aaaaaaaaaa')).not.toBe(directCommandId('aaaaaaaaaa'));
});

it.each([
  'reboot-1',
  'b6e7a1d2-0c1f-4f57-9f0e-2f1f3b1c5a11',
  'd-b6e7a1d2-0c1f-4f57-9f0e-2f1f3b1c5a11',
  'aaaaaaaaaa',
  'aaaaaaaaa-b6e7a1d2-0c1f-4f57-9f0e-2f1f3b1c5a11',
  'aaaaaaaaaa-b6e7a1d2-0c1f-4f57-9f0e-2f1f3b1c5a1',
  'AAAAAAAAAA-b6e7a1d2-0c1f-4f57-9f0e-2f1f3b1c5a11',
])('%s names no balancer', (id) => {
  expect(balancerOf(id as CommandId)).toBeUndefined();
});
