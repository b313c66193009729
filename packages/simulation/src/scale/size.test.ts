import { expect, it } from 'vitest';
import { fittingSites, misfitOf } from './size.ts';

it.each([
  [1, 1],
  [2, 1],
  [3, 1],
  [4, 2],
  [7, 1],
  [12, 6],
  [200, 10],
])('spreads %i push servers over %i sites', (nodes, sites) => {
  expect(fittingSites(nodes)).toBe(sites);
});

it.each([
  ['lose-one', { nodes: 1, sites: 1 }, 'at least two push servers'],
  ['rolling-restart', { nodes: 3, sites: 10 }, '3 push servers cannot be spread evenly over 10 sites'],
  ['lose-site', { nodes: 3, sites: 1 }, 'another site has to take the devices'],
  ['slow-node', { nodes: 3, sites: 3 }, 'at least two push servers in each site'],
] as const)('does not play %s with %o, and says why', (scenario, size, why) => {
  expect(misfitOf(scenario, size)).toContain(why);
});

it.each(['lose-one', 'lose-tenth', 'rolling-restart', 'slow-node', 'impatient'] as const)(
  'plays %s with three push servers',
  (scenario) => {
    expect(misfitOf(scenario, { nodes: 3, sites: fittingSites(3) })).toBeUndefined();
  },
);
