import type { Epoch } from '@pushfleet/protocol';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestRedis, type TestRedis } from '../../../../test/redis/redis-server.ts';
import { newCommand, policy } from '../conformance/command-samples.fixture.ts';
import {
  arrivals,
  by,
  device,
  deviceId,
  groupPath,
  nodeId,
  nodeRecord,
  reservation,
  workerRef,
} from '../conformance/samples.fixture.ts';
import { pushServerCalls } from '../push-server-registry.ts';
import type { Registry } from '../registry.ts';
import { pushServerCommands, pushServerKeys, redisUserLine, redisUserName } from './access-rules.ts';
import { createKeys } from './keys.ts';
import { createRedisStore } from './redis-store.fixture.ts';

let redis: TestRedis;

beforeAll(async () => {
  redis = await startTestRedis({ own: true });
}, 60_000);
afterAll(() => redis[Symbol.asyncDispose]());

const pushServer = { role: 'push-server', distributionPoint: 'dp-1' } as const;
const users = [pushServer, { role: 'balancer' }] as const;

/** A store with its users, and a registry of each of them. */
async function open(server = redis, kind = 'redis') {
  const store = await createRedisStore(server.url, server.keyPrefix);
  for (const user of users) {
    const [, name, ...rules] = redisUserLine(store.keyPrefix, user, 'a password').split(' ');
    await store.client.call('ACL', 'SETUSER', name as string, 'reset', ...rules);
  }
  const urlOf = (user: (typeof users)[number]) => {
    const url = new URL(server.url);
    [url.username, url.password] = [redisUserName(store.keyPrefix, user), 'a password'];
    return url.toString();
  };
  const balancer = await store.open();
  const stolen = new Redis(urlOf(pushServer), { protocol: 2, disableClientInfo: true });
  return {
    ...{ store, balancer, stolen },
    openAs: (user: (typeof users)[number]) => store.open(undefined, urlOf(user).replace('redis:', `${kind}:`)),
    [Symbol.asyncDispose]: async () => {
      stolen.disconnect();
      await balancer[Symbol.asyncDispose]();
      for (const user of users) await store.client.call('ACL', 'DELUSER', redisUserName(store.keyPrefix, user));
      await store[Symbol.asyncDispose]();
    },
  };
}

/** Makes all calls of a push server that find something to do. */
async function runPushServer(own: Registry, balancer: Registry): Promise<void> {
  const [point, id, worker] = [nodeId('dp-1'), deviceId(1), workerRef('dp-1')];
  const session = { link: 'mqtt', generation: Number.MAX_SAFE_INTEGER } as const;
  await balancer.fleet.putGroup(groupPath('HQ'));
  await balancer.fleet.putDevice(device(1, 'HQ'));
  await balancer.ticketKeys.publish({ kid: 'a', jwk: {} }, 60_000);
  await own.nodes.register(nodeRecord());
  await own.nodes.heartbeat(nodeRecord({ live: 1 }), arrivals([id]));
  await own.nodes.list();
  await own.assignments.reserve(reservation(id, [['dp-1']]));
  await balancer.commands.put(newCommand(1, { collapseKey: 'a', idempotencyKey: 'b' }), { ...policy, keepEndedMs: 1 });
  await balancer.commands.put(newCommand(2), policy);
  const opened = await own.sessions.open(id, worker, session);
  if (opened === 'void') throw new Error('the ticket is void');
  await own.sessions.assert(id, opened.epoch, worker, by('mqtt'));
  expect(await own.sessions.find(id)).toBeDefined();
  expect((await own.sessions.findMany([id])).size).toBe(1);
  expect(await own.sessions.history(id)).toHaveLength(1);
  const { epoch } = opened;
  await runCommands(own, epoch);
  await own.sessions.close(id, epoch);
  await own.fleet.getDistributionPoint(point);
  expect(await own.ticketKeys.list()).toHaveLength(1);
  expect(await own.tlsTicketKeys.replace('a', 0, 'sealed', 60_000)).toBe(true);
  await own.tlsTicketKeys.read('a');
  await own.revocations.list();
  const drain = await balancer.maintenance.request(point, { kind: 'drain', ratePerSecond: 1, deadlineMs: 1 });
  expect(await own.maintenance.get(point)).toEqual(drain);
  expect(await own.maintenance.advance({ ...drain, phase: 'moving' })).toBe(true);
  await own.events.append([{ kind: 'node-ready', atMs: 1 }]);
  const left = [{ device: id, bootId: worker.bootId }];
  await own.nodes.heartbeat(nodeRecord(), { arrived: [], left, events: [] });
  await own.assignments.reserve(reservation(deviceId(2), [['dp-1']]));
  await own.nodes.retire(point, nodeRecord().bootId);
}

/** A command with whatever a command can have, and one whose time to be kept has passed. */
async function runCommands(own: Registry, epoch: Epoch): Promise<void> {
  const id = deviceId(1);
  const { commands } = await own.commands.take(id, epoch, 4, 10);
  expect(commands).toHaveLength(2);
  const of = (index: number) => ({ device: id, id: (commands[index] as (typeof commands)[number]).id });
  const ended = { kind: 'ended', outcome: 'OUTCOME_SUCCEEDED', reason: '' } as const;
  await own.commands.updateStatus([{ ...of(0), kind: 'delivered' }], 4);
  await own.commands.updateStatus([{ ...of(1), kind: 'released', epoch }], 4);
  await own.commands.updateStatus([{ ...of(0), ...ended }], 4);
  await own.commands.take(id, epoch, 4, 10);
  await own.commands.updateStatus([{ ...of(1), kind: 'attempt-failed', epoch, weight: 1, alone: true, reason: '' }], 4);
  await own.commands.updateStatus([{ ...of(1), ...ended }], 4);
  await own.commands.take(id, epoch, 4, 10);
}

/** Every command that reached Redis, with its first key, those that scripts call included. */
async function monitor(client: Redis, run: () => Promise<void>): Promise<string[][]> {
  const seen: string[][] = [];
  const watching = await client.monitor();
  try {
    watching.on('monitor', (_time: string, args: string[]) => seen.push(args));
    await run();
    await client.ping('the last one');
    await expect.poll(() => seen.at(-1)).toEqual(['ping', 'the last one']);
    return seen;
  } finally {
    watching.disconnect();
  }
}

describe('the rights of push servers in Redis', { timeout: 60_000 }, () => {
  it('suffice for all that they run', async () => {
    await using at = await open();
    await using own = await at.openAs(pushServer);
    await at.store.client.call('ACL', 'LOG', 'RESET');
    await runPushServer(own, at.balancer);
    expect(await at.store.client.call('ACL', 'LOG')).toEqual([]);
  });

  it('suffice in a Redis Cluster', async () => {
    await using cluster = await startTestRedis({ cluster: true });
    await using at = await open(cluster, 'redis+cluster');
    // Alone it would not know its address.
    await at.store.client.config('SET', 'cluster-announce-ip', '127.0.0.1');
    await at.store.client.call('ACL', 'LOG', 'RESET');
    await using own = await at.openAs(pushServer);
    await runPushServer(own, at.balancer);
    await using balancer = await at.openAs(users[1]);
    await balancer.ping();
    expect((await balancer.check()).filter(({ severity }) => severity === 'unfit')).toEqual([]);
    const refused = (await at.store.client.call('ACL', 'LOG')) as unknown[][];
    // That is asked for where it is permitted, and not missed.
    expect(refused.map((entry) => entry[entry.indexOf('object') + 1])).toEqual(['config|get']);
  });

  it('name no command and no key that they do not use, and are those of the table of their calls', async () => {
    await using at = await open();
    await using own = await at.openAs(pushServer);
    // So that scripts are sent as a whole.
    await at.store.client.script('FLUSH');
    const called = new Map<string, Set<string>>();
    const watched = watchCalls(own, called);
    const seen = await monitor(at.store.client, () => runPushServer(watched, at.balancer));
    const calls = Object.fromEntries([...called].map(([port, names]) => [port, [...names].sort()]));
    const table = Object.fromEntries(Object.entries(pushServerCalls).map(([port, names]) => [port, [...names].sort()]));
    expect(calls).toEqual(table);
    const commands = new Set(seen.map(([command = '']) => command.toLowerCase()));
    expect(pushServerCommands.filter((command) => !commands.has(command))).toEqual([]);
    const named = new Set(seen.flat());
    const { written, read } = pushServerKeys(createKeys(at.store.keyPrefix));
    // Of the schema only who opens the registry asks.
    const unused = [...written, ...read].filter((pattern) => ![...named].some((key) => matches(key, pattern)));
    expect(unused).toEqual([createKeys(at.store.keyPrefix).schema]);
  });

  it.each<[attempt: string, command: (keys: ReturnType<typeof createKeys>) => string[]]>([
    ['publish a ticket key', (keys) => ['HSET', keys.ticketKeys, 'kid', '{}']],
    ['prolong a ticket key', (keys) => ['ZADD', keys.ticketKeyExpiries, '1', 'kid']],
    ['change settings', (keys) => ['HSET', keys.distributionPoints, 'dp-2', '{}']],
    ['order a drain', (keys) => ['HSET', keys.maintenance, 'dp-2', '{}']],
    [
      'order a drain by a script',
      (keys) => ['EVAL', "return redis.call('HSET', KEYS[1], 'a', 'b')", '1', keys.maintenance],
    ],
    [
      'order a drain by a script that hides it',
      (keys) => ['EVAL', `return redis.call('HSET', '${keys.maintenance}', 'a', 'b')`, '0'],
    ],
    ['order a rolling restart', (keys) => ['HSET', keys.rollingRestart, 'record', '{}']],
    ['order a rebalance', (keys) => ['HSET', keys.rebalance, 'start', '1']],
    ['read the hash of a secret', (keys) => ['HGET', keys.deviceRecord(deviceId(1)), 'secret']],
    [
      'read it by a script',
      (keys) => ['EVAL', `return redis.call('HGET', '${keys.deviceRecord(deviceId(1))}', 'secret')`, '0'],
    ],
    ['write a device', (keys) => ['HSET', keys.deviceRecord(deviceId(1)), 'secret', 'mine']],
    ['make void tickets good again', (keys) => ['HDEL', keys.deviceTickets(deviceId(1)), 'valid_from']],
    ['read a token', (keys) => ['HGETALL', keys.apiTokens]],
    ['make a token', (keys) => ['HSET', keys.apiTokens, 'mine', '{}']],
    ['read a session of the console', (keys) => ['HGETALL', keys.consoleSessions]],
    ['make a code to sign in', (keys) => ['HSET', keys.signInCodes, 'mine', '{}']],
    ['take itself off the revoked', (keys) => ['HDEL', keys.revocations, '0A']],
    ['read the audit', (keys) => ['XRANGE', keys.audit, '-', '+']],
    ['write into the audit', (keys) => ['XADD', keys.audit, '*', 'event', '{}']],
    ['read events', (keys) => ['XRANGE', keys.events, '-', '+']],
    ['delete events', (keys) => ['XTRIM', keys.events, 'MAXLEN', '0']],
    ['take the lease of the leader', (keys) => ['HSET', keys.lease('leader' as never), 'holder', 'me']],
    ['list the devices', (keys) => ['ZRANGE', keys.devices, '0', '-1']],
    ['move a device', (keys) => ['HSET', keys.deviceGroups, 'device-1', '1 HQ']],
    ['play a balancer to balancers', (keys) => ['ZADD', keys.balancers, '1', '{}']],
    ['read what a group was pushed', (keys) => ['HGETALL', keys.groupPush('push-1' as never)[0] as string]],
    ['migrate the data', (keys) => ['HSET', keys.schema, 'version', '99']],
    ['look for keys', () => ['KEYS', '*']],
    ['walk the keys', () => ['SCAN', '0']],
    ['drop all data', () => ['FLUSHALL']],
    ['read the settings of Redis', () => ['CONFIG', 'GET', 'requirepass']],
    ['give itself rights', () => ['ACL', 'SETUSER', 'mine', 'on', 'nopass', '+@all']],
    ['see what others do', () => ['MONITOR']],
  ])('do not suffice to %s', async (_, command) => {
    await using at = await open();
    const [name = '', ...args] = command(createKeys(at.store.keyPrefix));
    await expect(at.stolen.call(name, ...args)).rejects.toThrow(
      /NOPERM|no permissions|can't access at least one of the keys/,
    );
  });
});

describe('the rights of balancers in Redis', { timeout: 60_000 }, () => {
  it('suffice to open the registry, to check it', async () => {
    await using at = await open();
    await using own = await at.openAs(users[1]);
    await own.ping();
    expect((await own.check()).filter(({ severity }) => severity === 'unfit')).toEqual([]);
  });
});

/** The registry, noting which methods of which ports are called. */
function watchCalls(registry: Registry, called: Map<string, Set<string>>): Registry {
  const watchPort = (port: object, of: string) =>
    new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        if (!called.has(of)) called.set(of, new Set());
        called.get(of)?.add(String(name));
        return member.bind(target);
      },
    });
  const ports = Object.keys(pushServerCalls) as (keyof typeof pushServerCalls)[];
  return { ...registry, ...Object.fromEntries(ports.map((port) => [port, watchPort(registry[port], port)])) };
}

function matches(key: string, pattern: string): boolean {
  const [start = '', end] = pattern.split('*');
  return end === undefined ? key === pattern : key.startsWith(start) && key.endsWith(end) && !key.includes('*');
}
