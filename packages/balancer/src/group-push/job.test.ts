import { type admin, type DeviceId, PushfleetError } from '@pushfleet/protocol';
import { silentLogger, systemClock } from '@pushfleet/runtime';
import { describe, expect, it, vi } from 'vitest';
import { GroupPushService } from './service.ts';
import { ids, TestBench } from './test-bench.fixture.ts';

vi.setConfig({ testTimeout: 20_000 });

const device = (id: string) => id as DeviceId;
const forceSync: admin.PushToGroupRequest = {
  ...{ group: '', excludeSubgroups: false, labels: {}, delivery: null, pace: null, idempotencyKey: '' },
  operation: { kind: 'forceSync', forceSync: { reason: '' } },
};

describe.each([
  ['direct', 0],
  ['durable', 60_000],
])('a %s group push', (_, ttlMs) => {
  it('reaches each device of the group once, and ends', async () => {
    await using bench = await TestBench.create();
    await bench.put('HQ', ids(2_345));
    const { scheduler, engine } = bench.balancer();
    const id = await bench.create({ group: 'HQ' as never, ttlMs });
    await scheduler.run(id);
    const view = await bench.ended(id);
    expect(view).toMatchObject({ state: 'done', reason: '', devices: 2_345, allFound: true });
    expect(view.counts).toEqual({ OUTCOME_SUCCEEDED: 2_345 });
    expect([...bench.devices.received.values()].every(({ length }) => length === 1)).toBe(true);
    expect(Math.max(...engine.calls)).toBe(500);
    expect(engine.calls.length).toBeLessThanOrEqual(6);
  });

  it('leaves out subgroups and devices without the labels, where it is asked to', async () => {
    await using bench = await TestBench.create();
    await bench.put('HQ', ['a'], { os: 'linux' });
    await bench.put('HQ', ['b'], { os: 'windows' });
    await bench.put('HQ/Floor 2', ['c'], { os: 'linux' });
    await bench.put('Lab', ['d'], { os: 'linux' });
    const { scheduler } = bench.balancer();
    const run = async (change: Parameters<TestBench['create']>[0]) => {
      const id = await bench.create({ ttlMs, ...change });
      await scheduler.run(id);
      await bench.ended(id);
      return Object.keys(await bench.outcomes(id));
    };
    expect(await run({ group: 'HQ' as never })).toEqual(['a', 'b', 'c']);
    expect(await run({ group: 'HQ' as never, includeSubgroups: false })).toEqual(['a', 'b']);
    expect(await run({ group: 'HQ' as never, labels: { os: 'linux' } })).toEqual(['a', 'c']);
    expect(await run({ labels: { os: 'linux' } })).toEqual(['a', 'c', 'd']);
  });

  it('ends at once where there is no device', async () => {
    await using bench = await TestBench.create();
    const { scheduler } = bench.balancer();
    const id = await bench.create({ ttlMs });
    await scheduler.run(id);
    expect(await bench.ended(id)).toMatchObject({ state: 'done', devices: 0, allFound: true, counts: {} });
  });

  it('sends no more while it pauses, and goes on', async () => {
    await using bench = await TestBench.create();
    await bench.put('HQ', ids(150));
    const { scheduler, engine } = bench.balancer();
    const id = await bench.create({ ttlMs, ratePerSecond: 100 });
    await scheduler.run(id);
    await vi.waitFor(() => expect(bench.devices.runs).toBeGreaterThan(2));
    await bench.registry.groupPushes.setDesiredState(id, 'paused');
    await bench.until(id, ({ state }) => expect(state).toBe('paused'));
    // Devices run it a turn or two later.
    const handedOut = () => engine.calls.reduce((sum, commands) => sum + commands, 0);
    await vi.waitFor(() => expect(bench.devices.runs).toBe(handedOut()));
    const { runs } = bench.devices;
    // It has looked at what it is to do once more.
    const looks = vi.spyOn(bench.registry.groupPushes, 'get');
    await vi.waitFor(() => expect(looks).toHaveBeenCalled(), { timeout: 10_000 });
    expect([bench.devices.runs, runs < 150]).toEqual([runs, true]);
    await bench.registry.groupPushes.setDesiredState(id, 'running');
    expect((await bench.ended(id)).counts).toEqual({ OUTCOME_SUCCEEDED: 150 });
    expect([...bench.devices.received.values()].every(({ length }) => length === 1)).toBe(true);
  });

  it('withdraws what is out and sends no more once it is cancelled', async () => {
    await using bench = await TestBench.create();
    await bench.put('HQ', ids(300));
    bench.devices.behaviour = 'silent';
    const { scheduler } = bench.balancer({ maxInFlight: 100 });
    const id = await bench.create({ ttlMs });
    await scheduler.run(id);
    await vi.waitFor(() => expect(bench.devices.runs).toBe(100));
    await bench.registry.groupPushes.setDesiredState(id, 'cancelled');
    const view = await bench.ended(id);
    expect([view.state, view.counts]).toEqual(['cancelled', { OUTCOME_CANCELLED: 100 }]);
    expect(bench.devices.runs).toBe(100);
  });

  it('aborts when too many fail, and waits for those that are out', async () => {
    await using bench = await TestBench.create();
    await bench.put('HQ', ids(300));
    bench.devices.behaviour = 'fails';
    bench.devices.behaviours.set(device('d-00000'), 'silent');
    const { scheduler, engine } = bench.balancer({ maxInFlight: 30 });
    const id = await bench.create({ ttlMs, abortFailedPercent: 20, abortAfter: 25 });
    await scheduler.run(id);
    const aborted = await bench.until(id, ({ state }) => expect(state).toBe('aborted'));
    expect(aborted.reason).toMatch(/^\d+ of \d+ that ended did not succeed, which is more than 20 %$/);
    expect(aborted.endedAtMs).toBeUndefined();
    const last = bench.devices.received.get(device('d-00000'))?.[0];
    bench.devices.report(last as never, 'OUTCOME_SUCCEEDED');
    engine.report(last as never, 'OUTCOME_SUCCEEDED');
    const { counts, state } = await bench.ended(id);
    expect(state).toBe('aborted');
    expect(counts.OUTCOME_FAILED).toBeLessThan(150);
    expect(counts.OUTCOME_FAILED).toBe(bench.devices.runs - 1);
  });

  it('sends again what was not accepted, once each', async () => {
    await using bench = await TestBench.create();
    await bench.put('HQ', ids(20));
    const { scheduler, engine } = bench.balancer();
    engine.refusal = new PushfleetError('OVERLOADED', 'too much');
    const id = await bench.create({ ttlMs });
    await scheduler.run(id);
    await bench.until(id, ({ counts }) => expect(counts).toEqual({ OUTCOME_QUEUED: 20 }));
    await vi.waitFor(() => expect(engine.calls.length).toBeGreaterThan(1));
    engine.refusal = undefined;
    expect((await bench.ended(id)).counts).toEqual({ OUTCOME_SUCCEEDED: 20 });
    expect(bench.devices.runs).toBe(20);
  });

  it('spreads over its window, and knows beforehand how many there are', async () => {
    await using bench = await TestBench.create();
    await bench.put('HQ', ids(60));
    const { scheduler } = bench.balancer();
    const id = await bench.create({ ttlMs, jitterWindowMs: 4_000 });
    await scheduler.run(id);
    const early = await bench.until(id, ({ allFound }) => expect(allFound).toBe(true));
    expect(early.devices).toBe(60);
    expect(bench.devices.runs).toBeLessThan(60);
    const { startedAtMs, endedAtMs = 0 } = await bench.ended(id);
    expect(endedAtMs - startedAtMs).toBeGreaterThan(1_000);
    expect(bench.devices.runs).toBe(60);
  });
});

describe.each([
  ['direct', 0, 'DEVICE_NOT_FOUND', 'OUTCOME_REJECTED', 'no'],
  ['direct', 0, 'PAYLOAD_TOO_LARGE', 'OUTCOME_REJECTED', 'no'],
  ['durable', 60_000, 'QUEUE_FULL', 'OUTCOME_REJECTED', "the device's queue is full"],
  ['durable', 60_000, 'DEVICE_NOT_FOUND', 'OUTCOME_CANCELLED', 'the device was deleted'],
] as const)('a %s command of a group push', (_, ttlMs, code, outcome, reason) => {
  it(`that is refused with ${code} ends with its reason, and holds up no other`, async () => {
    await using bench = await TestBench.create();
    await bench.put('HQ', ids(3));
    const { scheduler, engine } = bench.balancer();
    engine.refusals.set(device('d-00001'), new PushfleetError(code, 'no'));
    const id = await bench.create({ ttlMs });
    await scheduler.run(id);
    expect((await bench.ended(id)).counts).toEqual({ OUTCOME_SUCCEEDED: 2, [outcome]: 1 });
    const [refused] = await bench.registry.groupPushes.outcomes(id, { limit: 1, outcomes: [outcome] });
    expect(refused).toMatchObject({ device: 'd-00001', reason });
  });
});

describe('a direct group push', () => {
  it('tells of devices that are away, and bounds what is under way', async () => {
    await using bench = await TestBench.create();
    await bench.put('HQ', ids(250));
    for (const id of ids(25)) bench.devices.behaviours.set(device(id), 'away');
    const { scheduler, engine } = bench.balancer({ maxInFlight: 40 });
    const id = await bench.create();
    await scheduler.run(id);
    expect((await bench.ended(id)).counts).toEqual({ OUTCOME_SUCCEEDED: 225, OUTCOME_NOT_CONNECTED: 25 });
    expect(engine.mostInFlight).toBe(40);
  });
});

describe('a durable group push', () => {
  it('waits for devices that are away, which take no place of others, and ends with the last one', async () => {
    await using bench = await TestBench.create();
    await bench.put('HQ', ids(120));
    for (const id of ids(60)) bench.devices.behaviours.set(device(id), 'away');
    const { scheduler } = bench.balancer({ maxInFlight: 10 });
    const id = await bench.create({ ttlMs: 60_000 });
    await scheduler.run(id);
    await bench.until(id, ({ counts }) => expect(counts).toEqual({ OUTCOME_SUCCEEDED: 60, OUTCOME_QUEUED: 60 }));
    expect((await bench.view(id)).endedAtMs).toBeUndefined();
    for (const one of ids(60)) bench.devices.connect(device(one));
    expect((await bench.ended(id)).counts).toEqual({ OUTCOME_SUCCEEDED: 120 });
    expect(bench.devices.runs).toBe(120);
  });
});

describe('a balancer that runs as many group pushes as it may', () => {
  it('begins no other one, and leaves those that there are to others', async () => {
    await using bench = await TestBench.create();
    await bench.put('HQ', ids(1));
    bench.devices.behaviours.set(device('d-00000'), 'away');
    const { scheduler, engine } = bench.balancer({ maxRunning: 2 });
    const all = await Promise.all([1, 2, 3].map(() => bench.create({ ttlMs: 60_000 })));
    const [last] = all.slice(-1) as [(typeof all)[number]];
    for (const id of all.slice(0, 2)) {
      expect(scheduler.isFull).toBe(false);
      await scheduler.run(id);
    }
    expect(scheduler.isFull).toBe(true);
    await scheduler.run(last);
    const { registry } = bench;
    const service = new GroupPushService({
      registry,
      scheduler,
      access: { callerOf: () => ({}) },
      clock: systemClock,
      logger: silentLogger,
    });
    const refused = service.push(forceSync);
    await expect(refused).rejects.toMatchObject({ code: 'OVERLOADED', retryAfterMs: 1_000 });
    await vi.waitFor(() => expect(engine.calls).toHaveLength(2));
    const other = bench.balancer({ start: true });
    await vi.waitFor(() => expect(other.engine.calls).toHaveLength(1), 5_000);
    expect(engine.calls).toHaveLength(2);
  });
});
