import type { RegistryFinding } from '@pushfleet/registry';
import { silentLogger } from '@pushfleet/runtime';
import { expect, it, vi } from 'vitest';
import { ManualClock } from '../../../test/time/manual-clock.ts';
import type { NodeDirectory } from './node-directory.ts';
import { Readiness } from './readiness.ts';
import { RegistryCheck } from './registry-check.ts';

it('keeps a balancer from being ready while the registry may drop what it is given, and says each thing once', async () => {
  const clock = new ManualClock();
  let found: RegistryFinding[] | Error = [
    { severity: 'unfit', about: 'eviction', words: 'it evicts' },
    { severity: 'doubtful', about: 'persistence', words: 'it keeps nothing on disk' },
  ];
  const answer = async () => {
    if (found instanceof Error) throw found;
    return found;
  };
  const logger = { ...silentLogger, error: vi.fn(), warn: vi.fn() };
  const check = new RegistryCheck({ check: answer }, clock, logger as never);
  const directory = {
    registryProblem: undefined,
    hasReadyNode: true,
    overloadedNodes: [] as string[],
  } as NodeDirectory;
  const readiness = new Readiness(directory, check, { ownAheadMs: undefined });
  await check.start();
  expect([readiness.missing(), readiness.warnings]).toEqual([['it evicts'], ['it keeps nothing on disk']]);
  await clock.turn(60_000);
  expect([logger.error.mock.calls, logger.warn.mock.calls]).toEqual([[['it evicts']], [['it keeps nothing on disk']]]);
  found = new Error('away');
  await clock.turn(60_000);
  expect(readiness.missing()).toEqual(['it evicts']);
  found = [];
  await clock.turn(60_000);
  expect([readiness.missing(), readiness.warnings]).toEqual([[], []]);
});
