import { describe, expect, it } from 'vitest';
import type { Fault, Scenario } from './faults/fault.ts';
import { simulate } from './run/simulate.ts';
import { formatEvent } from './world/trace.ts';

interface Found {
  name: string;
  seed: number;
  scenario: Scenario;
  devices: number;
  foreignDevices?: number;
  /** The history is from before there were MQTT links. */
  links?: 'grpc';
  faults: readonly Fault[];
  /** It is over when everybody is connected again: nobody waits for the ends of commands. */
  endsAtRest: boolean;
  restAfterMs?: number;
}

const registryClockAhead = { kind: 'clock-step', machine: { kind: 'registry', index: 0 }, byMs: 3_600_000 } as const;

/** Histories that broke a rule once, with the fewest faults that it took. */
const found: readonly Found[] = [
  {
    name: 'a push server that counted as dead is revived by a heartbeat whose answer is lost: its sessions are asserted all the same',
    ...{ seed: 1_005, scenario: 'quiet', devices: 9, links: 'grpc', endsAtRest: true },
    faults: [
      {
        ...{ atMs: 30_000, kind: 'partition', isOneWay: false, forMs: 20_000 },
        ...{ from: { kind: 'registry', index: 0 }, to: { kind: 'push-server', index: 2 } },
      },
    ],
  },
  {
    name: 'commands that were written while the clock of the registry was an hour ahead live for an hour more: that is no fault',
    ...{ seed: 1, scenario: 'quiet', devices: 6, foreignDevices: 6, links: 'grpc', endsAtRest: false },
    faults: [
      { atMs: 25_000, ...registryClockAhead },
      { atMs: 57_000, ...registryClockAhead },
    ],
  },
  {
    name: 'an administrator disconnects a device while its balancer does not reach the registry, which gets that later: the link ends',
    ...{
      seed: 12,
      scenario: 'quiet',
      devices: 3,
      foreignDevices: 1,
      links: 'grpc',
      endsAtRest: true,
      restAfterMs: 75_000,
    },
    faults: [
      {
        ...{ atMs: 25_000, kind: 'partition', isOneWay: true, forMs: 40_000 },
        ...{ from: { kind: 'balancer', index: 1 }, to: { kind: 'registry', index: 0 } },
      },
    ],
  },
  {
    name: 'a push server without a registry gives up the question of a device, which has gone elsewhere when the registry gets it',
    ...{
      seed: 1,
      scenario: 'quiet',
      devices: 6,
      foreignDevices: 8,
      endsAtRest: true,
      restAfterMs: 75_000,
    },
    faults: [
      {
        ...{ atMs: 25_000, kind: 'partition', isOneWay: false, forMs: 40_000 },
        ...{ from: { kind: 'push-server', index: 0 }, to: { kind: 'registry', index: 0 } },
      },
    ],
  },
  {
    name: 'the registry loses its data while answers that a session is open are under way: these sessions are asserted, too',
    ...{ seed: 1, scenario: 'quiet', devices: 30, foreignDevices: 0, endsAtRest: true, restAfterMs: 75_000 },
    faults: [
      { atMs: 25_000, kind: 'registry-slow', byMs: 2_500, forMs: 10_000 },
      { atMs: 32_500, kind: 'links-break', share: 1 },
      { atMs: 35_200, kind: 'registry-lost' },
    ],
  },
  {
    name: 'the registry takes no writes while devices are sent to another push server: they stay, and no failure is left to nobody',
    ...{ seed: 1, scenario: 'quiet', devices: 60, foreignDevices: 0, endsAtRest: true, restAfterMs: 75_000 },
    faults: [
      { atMs: 25_000, kind: 'switch-off', pushServer: 0, forMs: 15_000 },
      { atMs: 50_000, kind: 'rebalance' },
      { atMs: 50_300, kind: 'registry-refuses-writes', forMs: 10_000 },
    ],
  },
  {
    name: 'the registry goes away between the takeover by a clone and the eviction of the former link: it is evicted afterwards',
    ...{ seed: 1, scenario: 'quiet', devices: 1, foreignDevices: 5, endsAtRest: true, restAfterMs: 75_000 },
    faults: [
      { atMs: 25_000, kind: 'registry-slow', byMs: 1_000, forMs: 17_500 },
      { atMs: 42_000, kind: 'registry-away', forMs: 3_000 },
    ],
  },
  {
    name: 'a replica takes over the registry that has not seen the end of a session: it is ended again',
    ...{ seed: 1, scenario: 'quiet', devices: 6, foreignDevices: 0, endsAtRest: true, restAfterMs: 75_000 },
    faults: [
      { atMs: 25_000, kind: 'registry-failover', behindMs: 5_000 },
      { atMs: 27_000, kind: 'device-crash', device: 3, forMs: 90_000 },
    ],
  },
  {
    name: 'a replica takes over the registry that has not seen durable commands that were accepted: balancers write them again',
    ...{ seed: 1, scenario: 'quiet', devices: 6, foreignDevices: 0, endsAtRest: false, restAfterMs: 70_000 },
    faults: [{ atMs: 30_000, kind: 'registry-failover', behindMs: 5_000 }],
  },
];

describe('what simulation has found', () => {
  it.each(found)('$name', { timeout: 300_000 }, async ({ name: _, ...history }) => {
    const cluster = { balancers: 2, pushServers: 3, faultsForMs: 60_000, faultEveryMs: 60_000, restAfterMs: 70_000 };
    const { findings, trace } = await simulate({ ...cluster, ...history });
    expect(findings.flatMap((finding) => [finding.rule, ...trace.concerning(finding).map(formatEvent)])).toEqual([]);
  });
});
