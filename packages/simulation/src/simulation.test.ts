import { describe, expect, it } from 'vitest';
import type { Fault } from './faults/fault.ts';
import { shrink } from './run/shrink.ts';
import { type Outcome, type Plan, simulate } from './run/simulate.ts';
import { formatEvent } from './world/trace.ts';

const small = {
  balancers: 2,
  pushServers: 3,
  devices: 8,
  foreignDevices: 8,
  faultsForMs: 120_000,
  faultEveryMs: 12_000,
} as const;
const plan = (seed: number, change: Partial<Plan> = {}): Plan => ({
  ...small,
  seed,
  scenario: 'everything',
  ...change,
});

/** Virtual minutes, in seconds of a machine that others share. */
const timeoutMs = 600_000;

/** The findings and the events that led to them, for people. */
function story({ findings, trace }: Outcome): string[] {
  return findings.flatMap((finding) => [
    `${finding.rule}: ${finding.detail}`,
    ...trace.concerning(finding, 40).map(formatEvent),
  ]);
}

describe('the simulated cluster', () => {
  it('lives through the same history whenever the seed is the same', { timeout: timeoutMs }, async () => {
    const brief = { faultsForMs: 60_000, devices: 4, restAfterMs: 70_000 } as const;
    const [first, second] = [await simulate(plan(7, brief)), await simulate(plan(7, brief))];
    expect(second.trace.events).toEqual(first.trace.events);
    expect(second.trace.digest()).toBe(first.trace.digest());
  });

  it.each([1, 2])('keeps what it promises under the faults of seed %i', { timeout: timeoutMs }, async (seed) => {
    const outcome = await simulate(plan(seed));
    expect(outcome.faults.length).toBeGreaterThan(0);
    expect(story(outcome)).toEqual([]);
  });

  it.each([1, 2])('keeps it with replicas that take over, of seed %i', { timeout: timeoutMs }, async (seed) => {
    const outcome = await simulate(plan(seed, { scenario: 'failover', foreignDevices: 4 }));
    expect(outcome.faults.some(({ kind }) => kind === 'registry-failover')).toBe(true);
    expect(story(outcome)).toEqual([]);
  });

  it('leaves out what a finding does not need', { timeout: timeoutMs }, async () => {
    const faults: Fault[] = [
      { atMs: 25_000, kind: 'clock-step', machine: { kind: 'balancer', index: 0 }, byMs: 20_000 },
      { atMs: 30_000, kind: 'crash', target: { kind: 'everything' }, calls: 1 },
      { atMs: 31_000, kind: 'registry-slow', byMs: 50, forMs: 1_000 },
    ];
    const breaks = plan(1, {
      scenario: 'quiet',
      devices: 2,
      foreignDevices: 0,
      restAfterMs: 30_000,
      faults: [...faults, { atMs: 40_000, kind: 'unplug', device: 0 }],
    });
    const failed = await simulate(breaks);
    expect(failed.findings[0]?.rule).toBe('does not come back');
    const shortest = await shrink(failed);
    expect(shortest.faults).toEqual([{ atMs: 40_000, kind: 'unplug', device: 0 }]);
  });
});
