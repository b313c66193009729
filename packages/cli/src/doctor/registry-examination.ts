import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PushfleetError, parseNodeId, plainReason } from '@pushfleet/protocol';
import {
  type BalancerRecord,
  type DistributionPoint,
  describeRedisUrl,
  type ListedNode,
  openRegistry,
  probeRedis,
  type RedisValues,
  type Registry,
  type RegistryValues,
} from '@pushfleet/registry';
import { machineUs, systemClock } from '@pushfleet/runtime';
import { checkClockSkew } from './clock-checks.ts';
import { type Finding, ok, problem, skipped, warning } from './finding.ts';
import { checkRedisSettings, checkRegistry, checkRegistryLatency } from './registry-checks.ts';

/** Balancers, push servers and settings from the registry, and the findings about itself. */
export interface ExaminedRegistry {
  findings: readonly Finding[];
  nodes: readonly ListedNode[];
  balancers: readonly BalancerRecord[];
  /** Unix milliseconds when they were listed. */
  listedAtMs: number;
  point: DistributionPoint | undefined;
}

const answersWithinMs = 3_000;
const roundTrips = 9;

export interface RegistryUse {
  /** The distribution point of the push server here. */
  pointId: string | undefined;
  /** False: no balancer runs here, and the user of a push server in Redis may not list them. */
  listsBalancers: boolean;
}

/** Looks at the registry as balancers and push servers of this machine would use it. */
export async function examineRegistry(
  values: RegistryValues,
  { pointId, listsBalancers }: RegistryUse,
): Promise<ExaminedRegistry> {
  const url = values.redisUrl;
  const name = url === undefined ? join(values.stateDir, 'registry.sqlite') : `Redis at ${describeRedisUrl(url)}`;
  const nothing = { nodes: [], balancers: [], listedAtMs: 0, point: undefined };
  if (url === undefined && !existsSync(name)) {
    return { ...nothing, findings: [skipped('registry', `${name} is not there yet: the first balancer makes it`)] };
  }
  try {
    const findings = url === undefined ? [] : await examineRedis({ ...values, redisUrl: url });
    await using registry = await openRegistry(values, undefined, { migrates: false });
    await registry.ping();
    findings.unshift(checkRegistry(name, url !== undefined));
    if (url === undefined) findings.push(await timeRegistry(registry), sameClock);
    const point = pointId === undefined ? undefined : await registry.fleet.getDistributionPoint(parseNodeId(pointId));
    if (pointId !== undefined) findings.push(checkDistributionPoint(pointId, point));
    const [nodes, balancers] = await Promise.all([
      registry.nodes.list(),
      listsBalancers ? registry.balancers.list() : [],
    ]);
    return { findings, nodes, balancers, listedAtMs: systemClock.wallMs(), point };
  } catch (error) {
    if (!(error instanceof PushfleetError)) throw error;
    return { ...nothing, findings: [checkRegistry(name, url !== undefined, plainReason(error.message))] };
  }
}

const sameClock = skipped('registry clock', 'the registry is a file of this machine, and has its clock');

async function examineRedis(values: RedisValues & { redisUrl: string }): Promise<Finding[]> {
  const {
    version,
    findings,
    roundTripsMs,
    clockAheadMs: aheadMs,
    clockErrorMs: errorMs,
  } = await probeRedis(values, answersWithinMs);
  return [
    ...checkRedisSettings({ version, findings }),
    checkRegistryLatency(roundTripsMs),
    checkClockSkew({ check: 'registry clock', whose: 'Redis', aheadMs, errorMs }),
  ];
}

async function timeRegistry(registry: Registry): Promise<Finding> {
  const roundTripsMs: number[] = [];
  for (let made = 0; made < roundTrips; made += 1) {
    const begunUs = machineUs();
    await registry.balancers.list();
    roundTripsMs.push((machineUs() - begunUs) / 1_000);
  }
  return checkRegistryLatency(roundTripsMs);
}

/** Judges whether the push server of this machine is to run at all. */
export function checkDistributionPoint(id: string, point: DistributionPoint | undefined): Finding {
  const check = 'distribution point';
  if (!point) {
    const change = `pushfleet dp put ${id} --groups <path> --address <host> --enabled`;
    return problem(check, `there is no ${id}: its push server waits for it`, change);
  }
  const { enabled, address, port, maxConnections } = point.pushServer;
  if (!enabled)
    return warning(check, `${id} is switched off: its push server does not listen`, `pushfleet dp enable ${id}`);
  return ok(check, `${id} at ${address}:${port}, for ${maxConnections} links of ${point.groups.join(', ')}`);
}
