import { parseBootId } from '@pushfleet/protocol';
import { systemClock } from '@pushfleet/runtime';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePorts } from '../../../../test/cluster/free-ports.ts';
import { startTestRedis, type TestRedis } from '../../../../test/redis/redis-server.ts';
import {
  arrivals,
  beat,
  deviceId,
  nodeId,
  nodeRecord,
  openSession,
  orphanedBoots,
  register,
  reservation,
  workerRef,
} from '../conformance/samples.fixture.ts';
import { eventually, patientLimits } from '../conformance/store.fixture.ts';
import { createRedisStore } from './redis-store.fixture.ts';
import { openRedisRegistry } from './registry.ts';

const unavailable = { name: 'PushfleetError', code: 'REGISTRY_UNAVAILABLE' };

let redis: TestRedis;

beforeAll(async () => {
  redis = await startTestRedis({ own: true });
}, 60_000);
afterAll(() => redis[Symbol.asyncDispose]());

describe('the connection to Redis', { timeout: 60_000 }, () => {
  it('loads scripts again that Redis has forgotten', async () => {
    await using store = await createRedisStore(redis.url, redis.keyPrefix);
    await using registry = await store.open();
    await register(registry, nodeRecord());
    await store.client.script('FLUSH');

    const opened = await Promise.all(
      [1, 2, 3].map((id) => openSession(registry, deviceId(id), workerRef('a'), 'mqtt')),
    );
    expect(opened).toHaveLength(3);
    expect(await registry.assignments.reserve(reservation(deviceId(1), [['dp-1']]))).toMatchObject({ primary: 'dp-1' });
  });

  it('refuses calls at once while Redis is away, and works again when it is back', async () => {
    await using store = await createRedisStore(redis.url, redis.keyPrefix);
    await using registry = await store.open();
    await register(registry, nodeRecord());
    await openSession(registry, deviceId(1), workerRef('dp-1'), 'mqtt');

    const restarted = redis.restart();
    await eventually(() => expect(registry.ping()).rejects.toMatchObject(unavailable));
    await restarted;
    await eventually(() => registry.ping());

    // It came back empty and without scripts.
    expect(await registry.nodes.list()).toEqual([]);
    expect(await beat(registry, nodeRecord({ live: 5 }), arrivals())).toBe('lost');
    expect(await registry.nodes.list()).toMatchObject([{ nodeId: 'dp-1', live: 5 }]);
  });

  it('asks for sessions once when Redis was restarted, though somebody else has brought the record back', async () => {
    await using store = await createRedisStore(redis.url, redis.keyPrefix);
    await using registry = await store.open();
    await using other = await store.open();
    await register(registry, nodeRecord());
    expect(await beat(registry, nodeRecord(), arrivals())).toBe('ok');
    await redis.restart();
    await eventually(() => register(other, nodeRecord()));
    await eventually(async () => expect(await beat(registry, nodeRecord(), arrivals())).toBe('lost'));
    expect(await beat(registry, nodeRecord(), arrivals())).toBe('ok');
  });

  it('rejects every call while disconnected without waiting for Redis, whatever the port', async () => {
    await using own = await startTestRedis({ own: true });
    await using registry = await openRegistry(own.url);
    await own.stop();
    await eventually(() => expect(registry.ping()).rejects.toMatchObject(unavailable));

    const calls = [
      registry.nodes.list(),
      registry.assignments.reserve(reservation(deviceId(1), [['dp-1']])),
      openSession(registry, deviceId(1), workerRef('dp-1'), 'mqtt'),
      registry.sessions.find(deviceId(1)),
      registry.sessions.findMany([deviceId(1), deviceId(2)]),
      registry.fleet.listGroups(),
      registry.ticketKeys.list(),
    ];
    // Where a call is sent and not answered, the cause is a time-out.
    const cause = expect.objectContaining({ message: expect.stringMatching(/writeable|closed/) });
    for (const call of calls) await expect(call).rejects.toMatchObject({ ...unavailable, cause });
  });

  it('gives up on a Redis that takes calls and does not answer, and recovers when it does', async () => {
    await using own = await startTestRedis({ own: true });
    await using registry = await openRegistry(own.url);
    const other = new Redis(own.url);
    await other.call('CLIENT', 'PAUSE', '8000', 'ALL');
    let answers = false;
    const answered = other.ping().then(() => {
      answers = true;
    });
    await expect(registry.sessions.find(deviceId(1))).rejects.toMatchObject(unavailable);
    expect(answers).toBe(false);
    await answered;

    await eventually(() => registry.ping(), 20_000);
    other.disconnect();
  });

  it('says which Redis does not answer when it is opened, and keeps the password to itself', async () => {
    const [port] = await findFreePorts(1);
    const url = `redis://somebody:hunter2@127.0.0.1:${port}/3`;
    const error: Error = await openRegistry(url, 300).then(
      () => expect.fail('it opened'),
      (reason) => reason,
    );
    expect(error).toMatchObject(unavailable);
    expect(error.message).toContain(`127.0.0.1:${port}`);
    expect(error.message).not.toMatch(/hunter2|somebody/);
  });

  it('waits for a Redis that starts a little later', async () => {
    await using own = await startTestRedis({ own: true });
    await own.stop();
    const opening = openRegistry(own.url, 10_000);
    await own.restart();
    await using registry = await opening;
    await registry.ping();
  });

  it('takes user, password and database from the URL, and needs few rights', async () => {
    const { host } = new URL(redis.url);
    const admin = new Redis(redis.url);
    await admin.call('ACL', 'SETUSER', 'fleet', 'on', '>p@ss/word', '~few:*', ...fewRights);
    await using registry = await openRegistry(
      `redis://fleet:${encodeURIComponent('p@ss/word')}@${host}/3`,
      5_000,
      'few',
    );
    await register(registry, nodeRecord());
    await registry.assignments.reserve(reservation(deviceId(1), [['dp-1']]));
    const { epoch } = await openSession(registry, deviceId(1), workerRef('dp-1'), 'mqtt');
    expect(await registry.sessions.close(deviceId(1), epoch)).toBe(true);
    const events = [{ kind: 'node-ready', atMs: 1 }] as const;
    await registry.nodes.heartbeat(nodeRecord(), { ...arrivals([deviceId(1)]), events });
    expect(await registry.nodes.heldDevices(parseBootId('dp-1-boot-w0'), 10)).toEqual([deviceId(1)]);
    expect(await orphanedBoots(registry)).toEqual([]);
    expect(await registry.events.read(await registry.events.end(), 1)).toEqual([]);
    expect(await registry.leases.hold('housekeeping', 'a', 1_000)).toEqual(expect.any(Number));
    await registry.maintenance.request(nodeId('dp-1'), { kind: 'drain', ratePerSecond: 1, deadlineMs: 1 });
    await registry.rebalances.requestStart();
    await admin.select(3);
    expect(await admin.keys('*')).toContain('few:{fleet}:nodes');

    const wrong = openRegistry(`redis://fleet:wrong@${host}/3`, 2_000, 'few');
    await expect(wrong).rejects.toMatchObject({ ...unavailable, message: expect.stringContaining('WRONGPASS') });
    const foreign = openRegistry(`redis://fleet:${encodeURIComponent('p@ss/word')}@${host}/3`, 5_000, 'other');
    await expect(foreign).rejects.toMatchObject({ ...unavailable, cause: expect.any(Error) });
    admin.disconnect();
  });
});

/** The rights that docs/registry.md lists. */
const fewRights = ['+@read', '+@write', '+@connection', '-@dangerous', '+eval', '+evalsha', '+time', '+info'];

function openRegistry(url: string, connectWithinMs = 10_000, keyPrefix = 'test') {
  return openRedisRegistry({ url, keyPrefix, limits: patientLimits, connectWithinMs, attended: systemClock });
}
