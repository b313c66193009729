import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestRedis, type TestRedis } from '../../../../test/redis/redis-server.ts';
import { commandId, newCommand, openSession, policy, takeIds } from '../conformance/command-samples.fixture.ts';
import { groupPush, groupPushOutcome } from '../conformance/group-pushes.fixture.ts';
import { deviceId } from '../conformance/samples.fixture.ts';
import { eventually } from '../conformance/store.fixture.ts';
import { createKeys } from './keys.ts';
import { createRedisStore } from './redis-store.fixture.ts';

const day = 24 * 3_600_000;

let redis: TestRedis;

beforeAll(async () => {
  redis = await startTestRedis();
}, 60_000);
afterAll(() => redis[Symbol.asyncDispose]());

async function open() {
  const store = await createRedisStore(redis.url, redis.keyPrefix);
  const keys = createKeys(store.keyPrefix);
  const [, ...commandKeys] = keys.commands(deviceId(1));
  const lifetimes = (names: readonly string[]) => Promise.all(names.map((key) => store.client.pttl(key)));
  return { store, keys, commandKeys, lifetimes, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
}

const ended = (name: number) =>
  ({ device: deviceId(1), id: commandId(name), kind: 'ended', outcome: 'OUTCOME_SUCCEEDED', reason: '' }) as const;

describe('keys of commands in Redis', { timeout: 30_000 }, () => {
  it('have an end, which is that of what is kept longest, or a little later', async () => {
    await using at = await open();
    await using registry = await at.store.open();
    const hour = 3_600_000;
    const expectEnd = async (ms: number) => {
      for (const lifetime of await at.lifetimes(at.commandKeys)) {
        expect(lifetime).toBeGreaterThan(ms - 30_000);
        expect(lifetime).toBeLessThanOrEqual(ms + 600_000);
      }
    };
    await registry.commands.put(newCommand(1, { ttlMs: hour, finishWithinMs: 2 * hour }), policy);
    await registry.commands.put(newCommand(2, { ttlMs: 1_000, finishWithinMs: 1_000 }), policy);
    await expectEnd(2 * hour + policy.keepEndedMs);
    await registry.commands.updateStatus([ended(1), ended(2)], 4);
    // Whoever looks whether it is overdue brings the end nearer: not everything that ends does.
    await expectEnd(2 * hour + policy.keepEndedMs);
    await registry.commands.overdue(0, 10);
    await expectEnd(policy.keepEndedMs);
    await registry.commands.put(newCommand(3, { ttlMs: hour, finishWithinMs: 2 * hour }), policy);
    await expectEnd(2 * hour + policy.keepEndedMs);
  });

  it('hold nothing of a command that is forgotten', async () => {
    await using at = await open();
    await using registry = await at.store.open();
    const brief = { ...policy, keepEndedMs: 50 };
    await openSession(registry);
    const full = { collapseKey: 'sync', idempotencyKey: 'once' };
    await registry.commands.put(newCommand(1, full), brief);
    await registry.commands.put(newCommand(2), policy);
    const statistics = { counters: { a: 1 }, atMs: 1 };
    const running = {
      device: deviceId(1),
      id: commandId(1),
      kind: 'running',
      progress: { percent: 1, message: '' },
    } as const;
    await registry.commands.updateStatus(
      [running, { ...ended(1), statistics, output: Buffer.from('out'), alreadyEnded: true }],
      4,
    );
    await eventually(async () => {
      expect(await registry.commands.get(deviceId(1), commandId(1))).toBeUndefined();
      const fields = await at.store.client.hkeys(at.commandKeys[0] ?? '');
      expect(fields.sort()).toEqual([`operation:${commandId(2)}`, `state:${commandId(2)}`, 'totals']);
    });
  });

  it('are gone when there is nothing left, and whoever looks finds nothing', async () => {
    await using at = await open();
    await using registry = await at.store.open();
    await registry.commands.put(newCommand(1, { ttlMs: 30, finishWithinMs: 60 }), { ...policy, keepEndedMs: 30 });
    await eventually(async () => {
      expect(await registry.commands.get(deviceId(1), commandId(1))).toBeUndefined();
      expect(await at.lifetimes(at.commandKeys)).toEqual([-2, -2, -2]);
    });
    expect(await takeIds(registry, await openSession(registry))).toEqual([]);
  });

  it('of the fleet no longer name a device that had its last command long ago', async () => {
    await using at = await open();
    await using registry = await at.store.open();
    await openSession(registry);
    await registry.commands.put(newCommand(1), policy);
    await registry.commands.put(newCommand(2, { device: deviceId(2) }), policy);
    await registry.commands.updateStatus([ended(1)], 4);
    const named = () => at.store.client.zrange(at.keys.commandedDeviceLooks, 0, '-1');
    await registry.commands.overdue(0, 100);
    // It was marked a moment ago: somebody may be about to write a command of it.
    expect((await named()).sort()).toEqual([1, 2].map(deviceId));
    for (const id of [1, 2]) await at.store.client.zincrby(at.keys.commandedDevices, -61_000, deviceId(id));
    await registry.commands.overdue(0, 100);
    expect(await named()).toEqual([deviceId(2)]);
    expect(await at.store.client.zrange(at.keys.commandedDevices, 0, '-1')).toEqual([deviceId(2)]);
  });

  it('of the fleet name a device again with its next command after Redis came back empty', async () => {
    await using own = await startTestRedis({ own: true });
    await using store = await createRedisStore(own.url, own.keyPrefix);
    await using registry = await store.open();
    await registry.commands.put(newCommand(1), policy);
    await own.restart();
    await eventually(async () => {
      await registry.commands.put(newCommand(2), policy);
      const named = await store.client.zrange(createKeys(store.keyPrefix).commandedDevices, 0, '-1');
      expect(named).toEqual([deviceId(1)]);
    }, 5_000);
  });

  it('work on when Redis has forgotten the scripts', async () => {
    await using at = await open();
    await using registry = await at.store.open();
    const commands = Array.from({ length: 20 }, (_, index) => newCommand(index));
    await at.store.client.script('FLUSH');
    const puts = await registry.commands.putMany(commands, policy);
    expect(puts.map(({ kind }) => kind)).toEqual(commands.map(() => 'queued'));
    expect((await registry.commands.list(deviceId(1))).map(({ id }) => id)).toEqual(commands.map(({ id }) => id));
  });
});

describe('keys of group pushes in Redis', { timeout: 30_000 }, () => {
  it('have no end while it runs, and one of a day when it has ended', async () => {
    await using at = await open();
    await using registry = await at.store.open();
    const push = groupPush(1);
    await registry.groupPushes.create(push);
    const keys = at.keys.groupPush(push.id);
    expect((await at.lifetimes(keys))[0]).toBe(-1);
    const outcomes = [groupPushOutcome(deviceId(1), 'OUTCOME_SUCCEEDED')];
    await registry.groupPushes.advance({ ...push, state: 'done', endedAtMs: 1 }, outcomes, 1);
    for (const ms of await at.lifetimes(keys)) {
      expect(ms).toBeGreaterThan(day - 60_000);
      expect(ms).toBeLessThanOrEqual(day);
    }
  });

  it('of the fleet no longer name what is gone', async () => {
    await using at = await open();
    await using registry = await at.store.open();
    const once = { idempotencyKey: 'once' };
    for (const name of [1, 2]) await registry.groupPushes.create(groupPush(name, {}, name === 1 ? once : {}));
    await at.store.client.unlink(...at.keys.groupPush(groupPush(1).id).slice(0, 1));
    const again = await registry.groupPushes.create(groupPush(3, {}, once));
    expect(again.kind).toBe('created');
    expect(await registry.groupPushes.active()).toEqual([2, 3].map((name) => groupPush(name).id));
    expect((await at.store.client.zrange(at.keys.groupPushes, 0, '-1')).sort()).toEqual(['push-2', 'push-3']);
    expect(await at.store.client.hgetall(at.keys.groupPushKeys)).toEqual({ 'key:once': 'push-3', 'id:push-3': 'once' });
  });
});
