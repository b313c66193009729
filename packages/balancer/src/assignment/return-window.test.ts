import type { NodeId } from '@pushfleet/protocol';
import { expect, it } from 'vitest';
import type { JudgedNode } from '../node-directory.ts';
import { returnWindowMs } from './return-window.ts';

const [a, b, c, far] = ['a', 'b', 'c', 'far'] as [NodeId, NodeId, NodeId, NodeId];

/** Push servers with 4,000 links and places each, which take 100 devices a second. */
function windowOf(
  tiers: NodeId[][],
  backups: NodeId[],
  changed: Partial<Record<string, Partial<JudgedNode>>> = {},
): number {
  const known = { status: 'ready', liveness: 'alive', live: 3_900, reserved: 100, acceptsPerSecond: 100 } as const;
  const node = (id: NodeId) => ({ ...known, ...changed[id] }) as JudgedNode;
  return returnWindowMs({ primary: a, backups, tiers, node });
}

it('is the time in which the others take all devices of the one that is lost', () => {
  expect(windowOf([[a, b]], [b])).toBe(40_000);
  expect(windowOf([[a, b, c]], [b, c])).toBe(20_000);
  expect(windowOf([[a, b, c]], [b, c], { a: { live: 0, reserved: 40 } })).toBe(200);
});

it.each([
  ['are not ready', { c: { status: 'draining' } }],
  ['are silent', { c: { liveness: 'suspect' } }],
  ['cannot be reached', { c: { status: 'unreachable' } }],
] as const)('counts on none that %s', (_what, changed) => {
  expect(windowOf([[a, b, c]], [b], changed)).toBe(40_000);
});

it('counts on those tiers from which backups are taken', () => {
  expect(windowOf([[a], [b, c]], [b, c])).toBe(20_000);
  expect(
    windowOf(
      [
        [a, b],
        [c, far],
      ],
      [b],
    ),
  ).toBe(40_000);
});

it('is nothing without a backup, and no longer than any slot is away', () => {
  expect(windowOf([[a]], [])).toBe(0);
  expect(windowOf([[a, b]], [b], { b: { status: 'failed' } })).toBe(0);
  expect(windowOf([[a, b]], [b], { b: { acceptsPerSecond: 1 } })).toBe(480_000);
});
