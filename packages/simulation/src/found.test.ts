import { describe, expect, it } from 'vitest';
import type { Fault, Scenario } from './faults/fault.ts';
import { simulate } from './run/simulate.ts';
import { formatEvent } from './world/trace.ts';

interface Found {
  name: string;
  seed: number;
  scenario: Scenario;
  devices: number;
  faults: readonly Fault[];
}

/** Histories that broke a rule once, with the fewest faults that it took. */
const found: readonly Found[] = [
  {
    name: 'a push server that counted as dead is revived by a heartbeat whose answer is lost: its sessions are asserted all the same',
    ...{ seed: 1_005, scenario: 'quiet', devices: 9 },
    faults: [
      {
        ...{ atMs: 30_000, kind: 'partition', isOneWay: false, forMs: 20_000 },
        ...{ from: { kind: 'registry', index: 0 }, to: { kind: 'push-server', index: 2 } },
      },
    ],
  },
];

describe('what simulation has found', () => {
  it.each(found)('$name', { timeout: 300_000 }, async ({ name: _, ...history }) => {
    const cluster = { balancers: 2, pushServers: 3, faultsForMs: 60_000, faultEveryMs: 60_000, restAfterMs: 70_000 };
    const plan = { ...cluster, ...history, endsAtRest: true };
    const { findings, trace } = await simulate(plan);
    expect(findings.flatMap((finding) => [finding.rule, ...trace.concerning(finding).map(formatEvent)])).toEqual([]);
  });
});
