import type { GroupPath, NodeId } from '@pushfleet/protocol';
import type { DistributionPoint } from '@pushfleet/registry';
import { expect, it } from 'vitest';
import { scopeOf } from './distribution-points.ts';

function point(id: string, groups: string[], enabled = true): DistributionPoint {
  const pushServer = { enabled, port: 13_295, address: `${id}.example`, maxConnections: 100, weight: 100 };
  return { id: id as NodeId, groups: groups as GroupPath[], pushServer };
}

const points = [
  point('floor-2', ['HQ/Floor 2']),
  point('floor-2-b', ['HQ/Floor 2', 'HQ/Floor 3']),
  point('hq', ['HQ']),
  point('everywhere', ['HQ/Floor 2', 'HQ']),
  point('branch', ['Branch']),
  point('switched-off', ['HQ/Floor 2'], false),
];

it.each([
  ['HQ/Floor 2', [['floor-2', 'floor-2-b', 'everywhere'], ['hq']]],
  ['HQ/Floor 2/Room 7', [['floor-2', 'floor-2-b', 'everywhere'], ['hq']]],
  ['HQ/Floor 3', [['floor-2-b'], ['hq', 'everywhere']]],
  ['HQ', [['hq', 'everywhere']]],
  ['HQ/Floor 20', [['hq', 'everywhere']]],
  ['Branch', [['branch']]],
  ['Nowhere', []],
])('of a device in %s is %j', (group, tiers) => {
  expect(scopeOf(group as GroupPath, points)).toEqual({ isCovered: tiers.length > 0, tiers });
});

it('covers a group though its push server is switched off', () => {
  expect(scopeOf('Annex/1' as GroupPath, [point('annex', ['Annex'], false)])).toEqual({ isCovered: true, tiers: [] });
});
