import { parseBootId } from '@pushfleet/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestRedis, type TestRedis } from '../../../../test/redis/redis-server.ts';
import { newCommand, policy } from '../conformance/command-samples.fixture.ts';
import { enrollmentToken } from '../conformance/enrollment-tokens.fixture.ts';
import { groupPush, groupPushOutcome } from '../conformance/group-pushes.fixture.ts';
import { rollingRestart } from '../conformance/rolling-restarts.fixture.ts';
import {
  arrivals,
  auditSample,
  by,
  device,
  deviceId,
  groupPath,
  nodeId,
  nodeRecord,
  openSession,
  reservation,
  workerRef,
} from '../conformance/samples.fixture.ts';
import { createKeys } from './keys.ts';
import { createRedisStore } from './redis-store.fixture.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

let redis: TestRedis;

beforeAll(async () => {
  redis = await startTestRedis();
}, 60_000);
afterAll(() => redis[Symbol.asyncDispose]());

describe('keys in Redis', { timeout: 30_000 }, () => {
  it('all begin with the prefix and have the hash tag of the fleet or of their device', async () => {
    await using store = await createRedisStore(redis.url, redis.keyPrefix);
    await using registry = await store.open();
    await registry.nodes.register(nodeRecord());
    await registry.assignments.reserve(reservation(deviceId(1), [['dp-1']]));
    await openSession(registry, deviceId(1), workerRef('dp-1'), 'mqtt');
    await registry.fleet.putGroup(groupPath('HQ/Floor 2'));
    await registry.fleet.putDevice(device(1, 'HQ/Floor 2', 'hash$1$1', { labels: { os: 'linux' } }));
    const pushServer = { enabled: true, port: 13_295, address: 'dp.example.com', maxConnections: 50_000, weight: 100 };
    await registry.fleet.putDistributionPoint({ id: nodeId('dp-1'), groups: [], pushServer });
    await registry.balancers.announce({ balancerId: 'a', peerAddress: '127.0.0.1:40000' }, 60_000);
    await registry.ticketKeys.publish({ kid: 'a', jwk: {} }, 60_000);
    const member = 'pushfleet://cluster/push-server/dp-1';
    await registry.revocations.add([{ serial: '0A', member, revokedAtMs: 1, expiresAtMs: 4e12 }]);
    await registry.tlsTicketKeys.replace('a', 0, 'sealed', 60_000);
    await registry.nodes.heartbeat(nodeRecord(), arrivals([deviceId(2)]));
    await registry.nodes.claimBoot(parseBootId('gone'));
    await registry.events.append([{ kind: 'node-ready', atMs: 1 }]);
    await registry.audit.append([auditSample]);
    await registry.leases.hold('housekeeping', 'a', 60_000);
    await registry.rebalances.requestStart();
    await registry.rollingRestarts.begin(rollingRestart('one'));
    const drain = await registry.maintenance.request(nodeId('dp-1'), {
      kind: 'drain',
      ratePerSecond: 1,
      deadlineMs: 1,
    });
    await registry.maintenance.advance({ ...drain, phase: 'moving' });
    await registry.apiTokens.create({ name: 'a', role: 'viewer', hash: 'h', createdBy: 'b', createdAtMs: 1 });
    await registry.enrollmentTokens.create({ ...enrollmentToken('a') }, 1);
    const grant = { hash: 'h', tokenName: 'a', tokenProof: 'p' };
    await registry.consoleSessions.put(grant, 60_000, 60_000);
    await registry.signInCodes.put(grant, 60_000, 60_000);
    await registry.commands.put(newCommand(1), policy);
    const push = groupPush(1, {}, { idempotencyKey: 'once' });
    await registry.groupPushes.create(push);
    await registry.groupPushes.advance(push, [groupPushOutcome(deviceId(1), 'OUTCOME_ROUTED')], 1);

    const fleet = [
      'schema',
      'node-states',
      'nodes',
      'reservation-lapses',
      'reservations',
      'reserved',
      'next-slots',
      'write-clock',
      'incarnation',
    ];
    fleet.push('groups', 'distribution-points', 'devices', 'device-groups', 'ticket-keys', 'ticket-key-expiries');
    fleet.push('revocations');
    fleet.push(
      'tls-ticket-keys:a',
      'api-tokens',
      'enrollment-tokens',
      'enrollment-token-uses',
      'audit',
      'console-sessions',
      'sign-in-codes',
    );
    fleet.push('group-devices:HQ/Floor 2', 'tree-devices:HQ/Floor 2', 'tree-devices:HQ', 'label-devices:os=linux');
    fleet.push(
      'boots-with-devices',
      'boot-claims',
      'held-devices:dp-1-boot-w0',
      'events',
      'lease:housekeeping',
      'rebalance',
      'maintenance',
      'maintenance-progress',
      'rolling-restart',
    );
    fleet.push('balancers', 'commanded-devices', 'commanded-device-looks');
    fleet.push('group-pushes', 'active-group-pushes', 'group-push-keys');
    const ofDevice = ['session', 'record', 'tickets', 'commands', 'command-order', 'command-times'];
    const ofGroupPush = ['record', 'counts', 'outcomes', 'devices'];
    expect((await store.keys()).sort()).toEqual(
      [
        ...fleet.map((name) => `${store.keyPrefix}:{fleet}:${name}`),
        ...ofDevice.map((name) => `${store.keyPrefix}:{device:device-1}:${name}`),
        ...ofGroupPush.map((name) => `${store.keyPrefix}:{group-push:push-1}:${name}`),
      ].sort(),
    );
  });

  it('of reservations are gone when all devices have come, those of held devices when all have left', async () => {
    await using store = await createRedisStore(redis.url, redis.keyPrefix);
    await using registry = await store.open();
    await registry.nodes.register(nodeRecord());
    await registry.assignments.reserve(reservation(deviceId(1), [['dp-1']]));
    await registry.nodes.heartbeat(nodeRecord({ live: 1 }), arrivals([deviceId(1)]));
    const left = [{ device: deviceId(1), bootId: parseBootId('dp-1-boot-w0') }];
    await registry.nodes.heartbeat(nodeRecord(), { arrived: [], left, events: [] });
    expect((await store.keys()).sort()).toEqual(
      // The next slot stays with its push server, until that is retired.
      ['incarnation', 'next-slots', 'node-states', 'nodes', 'schema', 'write-clock'].map(
        (name) => `${store.keyPrefix}:{fleet}:${name}`,
      ),
    );
  });

  it('of a session and of a deleted device have an end', async () => {
    await using store = await createRedisStore(redis.url, redis.keyPrefix);
    await using registry = await store.open();
    const keys = createKeys(store.keyPrefix);
    const { epoch } = await openSession(registry, deviceId(1), workerRef('dp-1'), 'mqtt');
    await registry.fleet.putDevice(device(1, 'HQ'));
    const lifetimes = () =>
      Promise.all(
        [keys.session, keys.deviceRecord, keys.deviceTickets].map((key) => store.client.pttl(key(deviceId(1)))),
      );
    expect(await lifetimes()).toEqual([expect.toSatisfy((ms) => ms > day - minute), -1, -1]);
    await store.client.pexpire(keys.session(deviceId(1)), minute);
    await registry.sessions.assert(deviceId(1), epoch, workerRef('dp-1'), by('mqtt'));
    expect((await lifetimes())[0]).toBeGreaterThan(day - minute);

    await registry.sessions.close(deviceId(1), epoch);
    await registry.fleet.deleteDevice(deviceId(1));
    expect(Math.min(...(await lifetimes()))).toBeGreaterThan(0);
    await openSession(registry, deviceId(1), workerRef('dp-1'), 'mqtt');
    await registry.fleet.putDevice(device(1, 'HQ'));
    expect((await lifetimes()).slice(1)).toEqual([-1, -1]);
  });

  it('of a lease have an end, a day after it lapses', async () => {
    await using store = await createRedisStore(redis.url, redis.keyPrefix);
    await using registry = await store.open();
    const key = createKeys(store.keyPrefix).lease('group-push:push-1');
    const expectEnd = async (ms: number) => {
      const lifetime = await store.client.pttl(key);
      expect(lifetime).toBeGreaterThan(ms - minute);
      expect(lifetime).toBeLessThanOrEqual(ms);
    };
    await registry.audit.append([auditSample]);
    await registry.leases.hold('group-push:push-1', 'a', 10 * minute);
    await expectEnd(day + 10 * minute);
    await registry.audit.append([auditSample]);
    await registry.leases.hold('group-push:push-1', 'a', 30 * minute);
    await expectEnd(day + 30 * minute);
    await registry.leases.release('group-push:push-1', 'a');
    await expectEnd(day + 30 * minute);
    await registry.audit.append([auditSample]);
    await registry.leases.hold('group-push:push-1', 'b', minute);
    await expectEnd(day + minute);
  });

  it('of a group may name a device that is elsewhere or gone: the record decides', async () => {
    await using store = await createRedisStore(redis.url, redis.keyPrefix);
    await using registry = await store.open();
    const keys = createKeys(store.keyPrefix);
    for (const id of [1, 3, 5]) await registry.fleet.putDevice(device(id, 'HQ'));
    await registry.fleet.putDevice(device(2, 'Branch'));
    // What a process leaves behind that dies in the middle of a move (2) and of a deletion (4).
    for (const id of [2, 4]) {
      await store.client.zadd(keys.groupDevices(groupPath('HQ')), 0, deviceId(id));
      await store.client.zadd(keys.treeDevices(groupPath('HQ')), 0, deviceId(id));
      await store.client.zadd(keys.devices, 0, deviceId(id));
    }
    const ids = async (part: object) => {
      const query = { includeSubgroups: true, limit: 3, ...part };
      const listed = await registry.fleet.listDeviceIds(query);
      expect((await registry.fleet.listDevices(query)).map(({ id }) => id)).toEqual(listed);
      return listed;
    };
    expect(await ids({ group: groupPath('HQ') })).toEqual([1, 3, 5].map(deviceId));
    expect(await ids({ group: groupPath('HQ'), includeSubgroups: false })).toEqual([1, 3, 5].map(deviceId));
    expect(await ids({ after: deviceId(3) })).toEqual([deviceId(5)]);
    expect(await ids({})).toEqual([1, 2, 3].map(deviceId));
  });
});
