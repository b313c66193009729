import type { DeviceId } from '@pushfleet/protocol';
import { describe, expect, it, vi } from 'vitest';
import { ids, Stage } from './stage.fixture.ts';

vi.setConfig({ testTimeout: 20_000 });

/** Its lease lapses soon after it was killed. */
const mortal = { leaseTtlMs: 600 };

const once = (stage: Stage) => [...stage.devices.received.values()].every(({ length }) => length === 1);

describe('another balancer', () => {
  it('goes on with a durable group push when the first one is killed, and sends nothing twice', async () => {
    await using stage = await Stage.create();
    await stage.put('HQ', ids(600));
    const away = ids(600).filter((_, index) => index % 3 === 0) as DeviceId[];
    for (const id of away) stage.devices.manners.set(id, 'away');
    const [first, second] = [stage.balancer(mortal), stage.balancer({ start: true })];
    const id = await stage.create({ ttlMs: 60_000, ratePerSecond: 300 });
    await first.runners.takeUp(id);
    await vi.waitFor(() => expect(stage.devices.runs).toBeGreaterThan(50));
    first.kill();
    expect(second.desk.calls).toEqual([]);
    await stage.until(id, ({ counts }) => expect(counts).toEqual({ OUTCOME_SUCCEEDED: 400, OUTCOME_QUEUED: 200 }));
    for (const one of away) stage.devices.come(one);
    const view = await stage.ended(id);
    expect([view.state, view.devices, view.counts]).toEqual(['done', 600, { OUTCOME_SUCCEEDED: 600 }]);
    expect([once(stage), stage.devices.runs]).toEqual([true, 600]);
    expect(second.desk.calls.length).toBeGreaterThan(0);
  });

  it('sends what was noted and never put', async () => {
    await using stage = await Stage.create();
    await stage.put('HQ', ids(700));
    const [first, second] = [stage.balancer(mortal), stage.balancer({ start: true })];
    const id = await stage.create({ ttlMs: 60_000 });
    // It dies between the note and the sending.
    first.desk.putMany = () => new Promise(() => {});
    await first.runners.takeUp(id);
    await stage.until(id, ({ counts }) => expect(counts).toEqual({ OUTCOME_QUEUED: 700 }));
    first.kill();
    expect((await stage.ended(id)).counts).toEqual({ OUTCOME_SUCCEEDED: 700 });
    expect([once(stage), second.desk.calls]).toEqual([true, [500, 200]]);
  });

  it('sends nothing more of one that is cancelled, and ends it', async () => {
    await using stage = await Stage.create();
    await stage.put('HQ', ids(700));
    stage.devices.manner = 'away';
    const [first, second] = [stage.balancer(mortal), stage.balancer()];
    const id = await stage.create({ ttlMs: 60_000 });
    const put = first.desk.putMany.bind(first.desk);
    first.desk.putMany = (commands, follower) =>
      commands.length === 500 ? put(commands, follower) : new Promise(() => {});
    await first.runners.takeUp(id);
    await stage.until(id, ({ counts }) => expect(counts).toEqual({ OUTCOME_QUEUED: 700 }));
    await vi.waitFor(() => expect(stage.devices.durable.size).toBe(500));
    first.kill();
    await stage.registry.groupPushes.setDesiredState(id, 'cancelled');
    second.runners.start();
    const view = await stage.ended(id);
    expect([view.state, view.counts]).toEqual(['cancelled', { OUTCOME_CANCELLED: 700 }]);
    expect([second.desk.calls, stage.devices.runs]).toEqual([[], 0]);
  });

  it('does not know what became of direct commands of the one that was killed, and sends the others', async () => {
    await using stage = await Stage.create();
    await stage.put('HQ', ids(1_000));
    stage.devices.manner = 'silent';
    const [first, second] = [stage.balancer({ ...mortal, maxUnderWay: 400 }), stage.balancer()];
    const id = await stage.create();
    await first.runners.takeUp(id);
    await vi.waitFor(() => expect(stage.devices.runs).toBe(400));
    first.kill();
    stage.devices.manner = 'answers';
    second.runners.start();
    const { counts } = await stage.ended(id);
    expect(counts).toEqual({ OUTCOME_UNKNOWN: 400, OUTCOME_SUCCEEDED: 600 });
    expect([once(stage), stage.devices.runs]).toEqual([true, 1_000]);
    const [lost] = await stage.registry.groupPushes.outcomes(id, { limit: 1, outcomes: ['OUTCOME_UNKNOWN'] });
    expect(lost?.reason).toBe('the balancer that sent it was lost before a result came');
  });

  it('goes on at once with what a balancer that stops gives up, a durable one without waiting', async () => {
    await using stage = await Stage.create();
    await stage.put('HQ', ids(10));
    stage.devices.manner = 'away';
    const [first, second] = [stage.balancer({ leaseTtlMs: 60_000 }), stage.balancer()];
    const id = await stage.create({ ttlMs: 60_000 });
    await first.runners.takeUp(id);
    await vi.waitFor(() => expect(stage.devices.durable.size).toBe(10));
    await first.runners.drain(AbortSignal.timeout(60_000));
    await second.runners.takeUp(id);
    for (const one of ids(10)) stage.devices.come(one as DeviceId);
    expect((await stage.ended(id)).counts).toEqual({ OUTCOME_SUCCEEDED: 10 });
    expect(second.desk.calls).toEqual([]);
  });

  it('leaves a group push to the one that runs it', async () => {
    await using stage = await Stage.create();
    await stage.put('HQ', ids(10));
    stage.devices.manner = 'silent';
    const [first, second] = [stage.balancer({ leaseTtlMs: 1_500 }), stage.balancer({ leaseTtlMs: 1_500 })];
    const id = await stage.create();
    await Promise.all([first.runners.takeUp(id), second.runners.takeUp(id), first.runners.takeUp(id)]);
    await vi.waitFor(() => expect(stage.devices.runs).toBe(10));
    await stage.until(id, ({ counts }) => expect(counts).toEqual({ OUTCOME_DELIVERED: 10 }));
    // Longer than the lease lasts that is not renewed.
    await new Promise((resolve) => setTimeout(resolve, 1_800));
    await second.runners.takeUp(id);
    expect([first.desk.calls.length + second.desk.calls.length, stage.devices.runs]).toEqual([1, 10]);
    first.desk.tellAll('OUTCOME_SUCCEEDED');
    second.desk.tellAll('OUTCOME_SUCCEEDED');
    expect((await stage.ended(id)).counts).toEqual({ OUTCOME_SUCCEEDED: 10 });
  });
});

describe('a balancer that drains', () => {
  it('sends no more, waits for direct commands, and leaves the others', async () => {
    await using stage = await Stage.create();
    await stage.put('HQ', ids(100));
    stage.devices.manner = 'silent';
    const [first, second] = [stage.balancer({ maxUnderWay: 30, leaseTtlMs: 60_000 }), stage.balancer()];
    const id = await stage.create();
    await first.runners.takeUp(id);
    await vi.waitFor(() => expect(stage.devices.runs).toBe(30));
    const drained = first.runners.drain(AbortSignal.timeout(60_000));
    stage.devices.manner = 'answers';
    first.desk.tellAll('OUTCOME_SUCCEEDED');
    await drained;
    expect([stage.devices.runs, (await stage.view(id)).counts]).toEqual([30, { OUTCOME_SUCCEEDED: 30 }]);
    await second.runners.takeUp(id);
    expect((await stage.ended(id)).counts).toEqual({ OUTCOME_SUCCEEDED: 100 });
    expect(once(stage)).toBe(true);
  });

  it('writes what it is told of direct commands when its time is over', async () => {
    await using stage = await Stage.create();
    await stage.put('HQ', ids(5));
    stage.devices.manner = 'silent';
    const { runners, desk } = stage.balancer();
    const id = await stage.create();
    await runners.takeUp(id);
    await vi.waitFor(() => expect(stage.devices.runs).toBe(5));
    const stop = new AbortController();
    const drained = runners.drain(stop.signal);
    stop.signal.addEventListener('abort', () => desk.tellAll('OUTCOME_UNKNOWN'));
    stop.abort();
    await drained;
    expect((await stage.view(id)).counts).toEqual({ OUTCOME_UNKNOWN: 5 });
  });
});
