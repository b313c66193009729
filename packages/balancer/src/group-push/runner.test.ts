import { type admin, type DeviceId, PushfleetError } from '@pushfleet/protocol';
import { silentLogger, systemClock } from '@pushfleet/runtime';
import { describe, expect, it, vi } from 'vitest';
import { GroupPushAdministration } from './administration.ts';
import { ids, Stage } from './stage.fixture.ts';

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
    await using stage = await Stage.create();
    await stage.put('HQ', ids(2_345));
    const { runners, desk } = stage.balancer();
    const id = await stage.create({ group: 'HQ' as never, ttlMs });
    await runners.takeUp(id);
    const view = await stage.ended(id);
    expect(view).toMatchObject({ state: 'done', reason: '', devices: 2_345, allFound: true });
    expect(view.counts).toEqual({ OUTCOME_SUCCEEDED: 2_345 });
    expect([...stage.devices.received.values()].every(({ length }) => length === 1)).toBe(true);
    expect(Math.max(...desk.calls)).toBe(500);
    expect(desk.calls.length).toBeLessThanOrEqual(6);
  });

  it('leaves out subgroups and devices without the labels, where it is asked to', async () => {
    await using stage = await Stage.create();
    await stage.put('HQ', ['a'], { os: 'linux' });
    await stage.put('HQ', ['b'], { os: 'windows' });
    await stage.put('HQ/Floor 2', ['c'], { os: 'linux' });
    await stage.put('Lab', ['d'], { os: 'linux' });
    const { runners } = stage.balancer();
    const run = async (change: Parameters<Stage['create']>[0]) => {
      const id = await stage.create({ ttlMs, ...change });
      await runners.takeUp(id);
      await stage.ended(id);
      return Object.keys(await stage.outcomes(id));
    };
    expect(await run({ group: 'HQ' as never })).toEqual(['a', 'b', 'c']);
    expect(await run({ group: 'HQ' as never, includeSubgroups: false })).toEqual(['a', 'b']);
    expect(await run({ group: 'HQ' as never, labels: { os: 'linux' } })).toEqual(['a', 'c']);
    expect(await run({ labels: { os: 'linux' } })).toEqual(['a', 'c', 'd']);
  });

  it('ends at once where there is no device', async () => {
    await using stage = await Stage.create();
    const { runners } = stage.balancer();
    const id = await stage.create({ ttlMs });
    await runners.takeUp(id);
    expect(await stage.ended(id)).toMatchObject({ state: 'done', devices: 0, allFound: true, counts: {} });
  });

  it('sends no more while it pauses, and goes on', async () => {
    await using stage = await Stage.create();
    await stage.put('HQ', ids(150));
    const { runners } = stage.balancer();
    const id = await stage.create({ ttlMs, ratePerSecond: 100 });
    await runners.takeUp(id);
    await vi.waitFor(() => expect(stage.devices.runs).toBeGreaterThan(2));
    await stage.registry.groupPushes.setDesiredState(id, 'paused');
    await stage.until(id, ({ state }) => expect(state).toBe('paused'));
    const runs = stage.devices.runs;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([stage.devices.runs, runs < 150]).toEqual([runs, true]);
    await stage.registry.groupPushes.setDesiredState(id, 'running');
    expect((await stage.ended(id)).counts).toEqual({ OUTCOME_SUCCEEDED: 150 });
    expect([...stage.devices.received.values()].every(({ length }) => length === 1)).toBe(true);
  });

  it('withdraws what is out and sends no more once it is cancelled', async () => {
    await using stage = await Stage.create();
    await stage.put('HQ', ids(300));
    stage.devices.manner = 'silent';
    const { runners } = stage.balancer({ maxUnderWay: 100 });
    const id = await stage.create({ ttlMs });
    await runners.takeUp(id);
    await vi.waitFor(() => expect(stage.devices.runs).toBe(100));
    await stage.registry.groupPushes.setDesiredState(id, 'cancelled');
    const view = await stage.ended(id);
    expect([view.state, view.counts]).toEqual(['cancelled', { OUTCOME_CANCELLED: 100 }]);
    expect(stage.devices.runs).toBe(100);
  });

  it('aborts when too many fail, and waits for those that are out', async () => {
    await using stage = await Stage.create();
    await stage.put('HQ', ids(300));
    stage.devices.manner = 'fails';
    stage.devices.manners.set(device('d-00000'), 'silent');
    const { runners, desk } = stage.balancer({ maxUnderWay: 30 });
    const id = await stage.create({ ttlMs, abortFailedPercent: 20, abortAfter: 25 });
    await runners.takeUp(id);
    const aborted = await stage.until(id, ({ state }) => expect(state).toBe('aborted'));
    expect(aborted.reason).toMatch(/^\d+ of \d+ that ended did not succeed, which is more than 20 %$/);
    expect(aborted.endedAtMs).toBeUndefined();
    const last = stage.devices.received.get(device('d-00000'))?.[0];
    stage.devices.tell(last as never, 'OUTCOME_SUCCEEDED');
    desk.tell(last as never, 'OUTCOME_SUCCEEDED');
    const { counts, state } = await stage.ended(id);
    expect(state).toBe('aborted');
    expect(counts.OUTCOME_FAILED).toBeLessThan(150);
    expect(counts.OUTCOME_FAILED).toBe(stage.devices.runs - 1);
  });

  it('sends again what was not accepted, once each', async () => {
    await using stage = await Stage.create();
    await stage.put('HQ', ids(20));
    const { runners, desk } = stage.balancer();
    desk.refusal = new PushfleetError('OVERLOADED', 'too much');
    const id = await stage.create({ ttlMs });
    await runners.takeUp(id);
    await stage.until(id, ({ counts }) => expect(counts).toEqual({ OUTCOME_QUEUED: 20 }));
    await vi.waitFor(() => expect(desk.calls.length).toBeGreaterThan(1));
    desk.refusal = undefined;
    expect((await stage.ended(id)).counts).toEqual({ OUTCOME_SUCCEEDED: 20 });
    expect(stage.devices.runs).toBe(20);
  });

  it('spreads over its window, and knows beforehand how many there are', async () => {
    await using stage = await Stage.create();
    await stage.put('HQ', ids(60));
    const { runners } = stage.balancer();
    const id = await stage.create({ ttlMs, jitterWindowMs: 1_200 });
    await runners.takeUp(id);
    const early = await stage.until(id, ({ allFound }) => expect(allFound).toBe(true));
    expect(early.devices).toBe(60);
    expect(stage.devices.runs).toBeLessThan(60);
    const { startedAtMs, endedAtMs = 0 } = await stage.ended(id);
    expect(endedAtMs - startedAtMs).toBeGreaterThan(1_000);
    expect(stage.devices.runs).toBe(60);
  });
});

describe('a direct group push', () => {
  it('tells of devices that are away, and bounds what is under way', async () => {
    await using stage = await Stage.create();
    await stage.put('HQ', ids(250));
    for (const id of ids(25)) stage.devices.manners.set(device(id), 'away');
    const { runners, desk } = stage.balancer({ maxUnderWay: 40 });
    const id = await stage.create();
    await runners.takeUp(id);
    expect((await stage.ended(id)).counts).toEqual({ OUTCOME_SUCCEEDED: 225, OUTCOME_NOT_CONNECTED: 25 });
    expect(desk.mostUnderWay).toBe(40);
  });
});

describe('a durable group push', () => {
  it('waits for devices that are away, which take no place of others, and ends with the last one', async () => {
    await using stage = await Stage.create();
    await stage.put('HQ', ids(120));
    for (const id of ids(60)) stage.devices.manners.set(device(id), 'away');
    const { runners } = stage.balancer({ maxUnderWay: 10 });
    const id = await stage.create({ ttlMs: 60_000 });
    await runners.takeUp(id);
    await stage.until(id, ({ counts }) => expect(counts).toEqual({ OUTCOME_SUCCEEDED: 60, OUTCOME_QUEUED: 60 }));
    expect((await stage.view(id)).endedAtMs).toBeUndefined();
    for (const one of ids(60)) stage.devices.come(device(one));
    expect((await stage.ended(id)).counts).toEqual({ OUTCOME_SUCCEEDED: 120 });
    expect(stage.devices.runs).toBe(120);
  });
});

describe('a balancer that runs as many group pushes as it may', () => {
  it('begins no other one, and leaves those that there are to others', async () => {
    await using stage = await Stage.create();
    await stage.put('HQ', ids(1));
    stage.devices.manners.set(device('d-00000'), 'away');
    const { runners, desk } = stage.balancer({ maxRunning: 2 });
    const all = await Promise.all([1, 2, 3].map(() => stage.create({ ttlMs: 60_000 })));
    const [last] = all.slice(-1) as [(typeof all)[number]];
    for (const id of all.slice(0, 2)) {
      expect(runners.isFull).toBe(false);
      await runners.takeUp(id);
    }
    expect(runners.isFull).toBe(true);
    await runners.takeUp(last);
    const { registry } = stage;
    const administration = new GroupPushAdministration({ registry, runners, clock: systemClock, logger: silentLogger });
    const refused = administration.push(forceSync);
    await expect(refused).rejects.toMatchObject({ code: 'OVERLOADED', retryAfterMs: 1_000 });
    await vi.waitFor(() => expect(desk.calls).toHaveLength(2));
    const other = stage.balancer({ start: true });
    await vi.waitFor(() => expect(other.desk.calls).toHaveLength(1), 5_000);
    expect(desk.calls).toHaveLength(2);
  });
});
