import { expect, it } from 'vitest';
import { witnessesOf } from './load-plan.ts';

const plan = { devices: 4_000, push: { kind: 'open', perSecond: 50 }, concentrate: false } as const;

it('has witnesses where some devices get commands while others come', () => {
  expect(witnessesOf({ ...plan, scenario: 'connect-ramp' })).toEqual({ from: 0, to: 400 });
  expect(witnessesOf({ ...plan, scenario: 'connect-storm' })).toEqual({ from: 0, to: 400 });
  expect(witnessesOf({ ...plan, scenario: 'node-loss', concentrate: true })).toEqual({ from: 3_600, to: 4_000 });
});

it.each([
  ['nobody gets commands', { scenario: 'connect-ramp', push: undefined }],
  ['all get commands', { scenario: 'steady-push' }],
  ['the devices of all other push servers get commands', { scenario: 'node-loss' }],
] as const)('has none where %s', (_why, changed) => {
  expect(witnessesOf({ ...plan, ...changed })).toBeUndefined();
});
