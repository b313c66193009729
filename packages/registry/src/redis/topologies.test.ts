import { setTimeout as delay } from 'node:timers/promises';
import { type DeviceId, parseBootId } from '@pushfleet/protocol';
import { systemClock } from '@pushfleet/runtime';
import { describe, expect, it } from 'vitest';
import { startTestRedisCluster } from '../../../../test/redis/redis-cluster.ts';
import { askRedis } from '../../../../test/redis/redis-command.ts';
import { startTestSentinels } from '../../../../test/redis/redis-sentinels.ts';
import type { NewCommand } from '../commands.ts';
import { newCommand, policy } from '../conformance/command-samples.fixture.ts';
import { groupPush, groupPushOutcome } from '../conformance/group-pushes.fixture.ts';
import {
  arrivals,
  beat,
  device,
  deviceId,
  deviceIds,
  nodeRecord,
  openSession,
  register,
  reservation,
  stored,
  workerRef,
} from '../conformance/samples.fixture.ts';
import { eventually, patientLimits } from '../conformance/store.fixture.ts';
import type { Registry } from '../registry.ts';
import { openRedisRegistry } from './registry.ts';

const failOverWithinMs = 60_000;

describe('a registry with Sentinels', { timeout: 150_000 }, () => {
  it('goes on with the new master when the old one is killed, and says that writes may be missing', async () => {
    await using sentinels = await startTestSentinels();
    await using registry = await open(sentinels.url);
    await exercise(registry, 1);
    expect(await beat(registry, nodeRecord(), arrivals())).toBe('ok');

    await sentinels.killMaster();
    const tookMs = await recoveryOf(registry);
    // Each Sentinel that tells of the new master makes the client connect anew, the last ones perhaps only now.
    let first = 1;
    await eventually(() => {
      first += 1_000;
      return exercise(registry, first);
    });
    await eventually(async () => expect(await beat(registry, nodeRecord(), arrivals())).toBe('ok'));
    console.log(`Sentinel failover: operations resumed after ${tookMs} ms`);
  });

  it('follows the master when the Sentinels change it while both are well', async () => {
    await using sentinels = await startTestSentinels();
    await using registry = await open(sentinels.url);
    await exercise(registry, 1);
    expect(await beat(registry, nodeRecord(), arrivals())).toBe('ok');
    await sentinels.failOver();
    await eventually(
      async () => expect(['restarted', 'lost']).toContain(await beat(registry, nodeRecord())),
      failOverWithinMs,
    );
    // Each Sentinel that tells of the new master makes the client connect anew, the last ones perhaps only now.
    let first = 1;
    await eventually(() => {
      first += 1_000;
      return exercise(registry, first);
    });
  });
});

describe('a registry in a Redis Cluster of three masters', { timeout: 90_000 }, () => {
  it.each([
    ['of the fleet', 2],
    ['of some devices', 0],
  ] as const)('goes on when the master %s is killed, and says that writes may be missing', async (_, index) => {
    await using cluster = await startTestRedisCluster();
    await using registry = await open(cluster.url);
    await exercise(registry, 1);
    // Members are connected to in the background.
    await eventually(async () => expect(await beat(registry, nodeRecord(), arrivals())).toBe('ok'));

    await cluster.killMaster(index);
    const tookMs = await recoveryOf(registry);
    await exercise(registry, 1_001);
    await eventually(async () => expect(await beat(registry, nodeRecord(), arrivals())).toBe('ok'));
    console.log(`Redis Cluster: operations resumed after ${tookMs} ms`);
  });
});

it('says of each command and each update whether its master has it', { timeout: 120_000 }, async () => {
  await using cluster = await startTestRedisCluster();
  await using registry = await open(cluster.url);
  await exercise(registry, 1);
  const commands = deviceIds(150).map((id) => newCommand('late', { device: id }));
  await cluster.killMaster(0);
  const puts = await registry.commands.putMany(commands, policy);
  const written = commands.filter((_, index) => puts[index]?.kind !== 'failed');
  expect(written.length).toBeGreaterThan(50);
  expect(written.length).toBeLessThan(150);
  for (const put of puts) if (put.kind === 'failed') expect(put.error).toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
  const update = ({ device: of, id }: NewCommand) => ({ device: of, id, kind: 'delivered' }) as const;
  const results = await registry.commands.updateStatus(commands.map(update), 4);
  expect(results.map(({ verdict }) => verdict === 'applied')).toEqual(commands.map((one) => written.includes(one)));
  await eventually(async () => {
    const again = await registry.commands.putMany(commands, policy);
    expect(again.filter(({ kind }) => kind === 'known').length).toBeGreaterThanOrEqual(written.length);
    expect(again.filter(({ kind }) => kind === 'failed')).toEqual([]);
  }, failOverWithinMs);
});

it('takes names of members and a user with few rights, and sees nothing missing', { timeout: 60_000 }, async () => {
  await using cluster = await startTestRedisCluster();
  for (const member of cluster.members) await askRedis(member, ['ACL', 'SETUSER', 'fleet', ...fewRights]);
  const url = cluster.url.replaceAll('127.0.0.1', 'localhost').replace('://', '://fleet:p%40ss@');
  await using registry = await open(url);
  await exercise(registry, 1);
  // Connections by name are given up for those by address; longer than that is waited for before one counts as lost.
  await delay(3_000);
  expect(await beat(registry, nodeRecord(), arrivals())).toBe('ok');
});

/** The rights that docs/registry.md lists. */
const fewRights = ['on', '>p@ss', '~test:*', '+@read', '+@write', '+@connection', '-@dangerous'];
fewRights.push('+eval', '+evalsha', '+time', '+info', '+cluster|slots', '+cluster|info');

function open(url: string): Promise<Registry> {
  return openRedisRegistry({
    url,
    keyPrefix: 'test',
    limits: patientLimits,
    connectWithinMs: 10_000,
    attended: systemClock,
  });
}

/** Uses keys of the fleet and of some hundred devices, which are everywhere in a cluster. */
async function exercise(registry: Registry, first: number): Promise<void> {
  const devices = deviceIds(300 + first).slice(first);
  await register(registry, nodeRecord({ capacity: 10_000 }));
  await Promise.all(devices.map((id) => registry.assignments.reserve(reservation(id, [['dp-1']]))));
  await Promise.all(devices.map((id) => openSession(registry, id, workerRef('dp-1'), 'mqtt')));
  const found = await registry.sessions.findMany(devices);
  expect([...found.keys()]).toEqual(devices);
  await registry.nodes.heartbeat(nodeRecord({ capacity: 10_000 }), arrivals(devices));
  expect(await registry.nodes.heldDevices(parseBootId('dp-1-boot-w0'), 10_000)).toEqual(
    expect.arrayContaining(devices),
  );
  await registry.fleet.putDevice(device(first, 'HQ/Floor 2'));
  expect(await registry.fleet.getDevice(deviceId(first))).toEqual(stored(device(first, 'HQ/Floor 2')));
  await registry.events.append([{ kind: 'node-ready', atMs: first }]);
  await exerciseCommands(registry, devices);
  const push = groupPush(first);
  await registry.groupPushes.create(push);
  await registry.groupPushes.advance(push, [groupPushOutcome(deviceId(1), 'OUTCOME_ROUTED')], 1);
  expect(await registry.groupPushes.list()).toContainEqual({
    ...push,
    counts: { OUTCOME_ROUTED: 1 },
    desiredState: 'running',
  });
  await registry.ping();
}

async function exerciseCommands(registry: Registry, devices: readonly DeviceId[]): Promise<void> {
  const commands = devices.map((id) => newCommand(id, { device: id }));
  const puts = await registry.commands.putMany(commands, policy);
  expect(puts.map(({ kind }) => kind)).toEqual(commands.map(() => 'routed'));
  const updates = commands.map(
    ({ device: id, id: command }) => ({ device: id, id: command, kind: 'delivered' }) as const,
  );
  expect((await registry.commands.updateStatus(updates, 4)).every(({ verdict }) => verdict === 'applied')).toBe(true);
  const got = await registry.commands.getMany(updates);
  expect(got.map((command) => command?.status.outcome)).toEqual(commands.map(() => 'OUTCOME_DELIVERED'));
  const overdue = (await registry.commands.overdue(0, 10_000)).map((one) => one.device);
  expect(overdue.filter((id) => devices.includes(id))).toEqual([]);
}

/** Resolves once everything works again, and a heartbeat has said that sessions are to be asserted. */
async function recoveryOf(registry: Registry): Promise<number> {
  const before = Date.now();
  let wasRestored = false;
  await eventually(async () => {
    wasRestored ||= ['restarted', 'lost'].includes(await beat(registry, nodeRecord()));
    await registry.sessions.findMany(deviceIds(300));
    for (const id of deviceIds(100)) await openSession(registry, id, workerRef('dp-1'), 'mqtt');
    expect(wasRestored).toBe(true);
  }, failOverWithinMs);
  return Date.now() - before;
}
