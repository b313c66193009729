import type { DeviceId } from '@pushfleet/protocol';
import { describe, expect, it, vi } from 'vitest';
import { ids, TestBench } from './test-bench.fixture.ts';

vi.setConfig({ testTimeout: 60_000 });

/** Its lease lapses soon after it was killed, and not while a busy machine keeps it from renewing it. */
const mortal = { leaseTtlMs: 3_000 };

const once = (bench: TestBench) => [...bench.devices.received.values()].every(({ length }) => length === 1);

describe('another balancer', () => {
  it('goes on with a durable group push when the first one is killed, and sends nothing twice', async () => {
    await using bench = await TestBench.create();
    await bench.put('HQ', ids(600));
    const away = ids(600).filter((_, index) => index % 3 === 0) as DeviceId[];
    for (const id of away) bench.devices.behaviours.set(id, 'away');
    const [first, second] = [bench.balancer(mortal), bench.balancer({ start: true })];
    const id = await bench.create({ ttlMs: 60_000, ratePerSecond: 300 });
    await first.scheduler.run(id);
    await vi.waitFor(() => expect(bench.devices.runs).toBeGreaterThan(50));
    first.kill();
    expect(second.engine.calls).toEqual([]);
    await bench.until(id, ({ counts }) => expect(counts).toEqual({ OUTCOME_SUCCEEDED: 400, OUTCOME_QUEUED: 200 }));
    for (const one of away) bench.devices.connect(one);
    const view = await bench.ended(id);
    expect([view.state, view.devices, view.counts]).toEqual(['done', 600, { OUTCOME_SUCCEEDED: 600 }]);
    expect([once(bench), bench.devices.runs]).toEqual([true, 600]);
    expect(second.engine.calls.length).toBeGreaterThan(0);
  });

  it('sends what was recorded and never submitted', async () => {
    await using bench = await TestBench.create();
    await bench.put('HQ', ids(700));
    const [first, second] = [bench.balancer(mortal), bench.balancer({ start: true })];
    const id = await bench.create({ ttlMs: 60_000 });
    // It dies between the checkpoint and the sending.
    first.engine.submitMany = () => {};
    await first.scheduler.run(id);
    await bench.until(id, ({ counts }) => expect(counts).toEqual({ OUTCOME_QUEUED: 700 }));
    first.kill();
    expect((await bench.ended(id)).counts).toEqual({ OUTCOME_SUCCEEDED: 700 });
    expect([once(bench), second.engine.calls]).toEqual([true, [500, 200]]);
  });

  it('sends nothing more of one that is cancelled, and ends it', async () => {
    await using bench = await TestBench.create();
    await bench.put('HQ', ids(700));
    bench.devices.behaviour = 'away';
    const [first, second] = [bench.balancer(mortal), bench.balancer()];
    const id = await bench.create({ ttlMs: 60_000 });
    const submit = first.engine.submitMany.bind(first.engine);
    first.engine.submitMany = (commands, ...rest) => {
      if (commands.length === 500) submit(commands, ...rest);
    };
    await first.scheduler.run(id);
    await bench.until(id, ({ counts }) => expect(counts).toEqual({ OUTCOME_QUEUED: 700 }));
    await vi.waitFor(() => expect(bench.devices.durable.size).toBe(500));
    first.kill();
    await bench.registry.groupPushes.setDesiredState(id, 'cancelled');
    second.scheduler.start();
    const view = await bench.ended(id);
    expect([view.state, view.counts]).toEqual(['cancelled', { OUTCOME_CANCELLED: 700 }]);
    expect([second.engine.calls, bench.devices.runs]).toEqual([[], 0]);
  });

  it('does not know what became of direct commands of the one that was killed, and sends the others', async () => {
    await using bench = await TestBench.create();
    await bench.put('HQ', ids(1_000));
    bench.devices.behaviour = 'silent';
    const [first, second] = [bench.balancer({ ...mortal, maxInFlight: 400 }), bench.balancer()];
    const id = await bench.create();
    await first.scheduler.run(id);
    await vi.waitFor(() => expect(bench.devices.runs).toBe(400));
    first.kill();
    bench.devices.behaviour = 'answers';
    second.scheduler.start();
    const { counts } = await bench.ended(id);
    expect(counts).toEqual({ OUTCOME_UNKNOWN: 400, OUTCOME_SUCCEEDED: 600 });
    expect([once(bench), bench.devices.runs]).toEqual([true, 1_000]);
    const [lost] = await bench.registry.groupPushes.outcomes(id, { limit: 1, outcomes: ['OUTCOME_UNKNOWN'] });
    expect(lost?.reason).toBe('the balancer that sent it was lost before a result came');
  });

  it('goes on at once with what a balancer that stops gives up, a durable one without waiting', async () => {
    await using bench = await TestBench.create();
    await bench.put('HQ', ids(10));
    bench.devices.behaviour = 'away';
    const [first, second] = [bench.balancer({ leaseTtlMs: 60_000 }), bench.balancer()];
    const id = await bench.create({ ttlMs: 60_000 });
    await first.scheduler.run(id);
    await vi.waitFor(() => expect(bench.devices.durable.size).toBe(10));
    await first.scheduler.drain(AbortSignal.timeout(60_000));
    await second.scheduler.run(id);
    for (const one of ids(10)) bench.devices.connect(one as DeviceId);
    expect((await bench.ended(id)).counts).toEqual({ OUTCOME_SUCCEEDED: 10 });
    expect(second.engine.calls).toEqual([]);
  });

  it('leaves a group push to the one that runs it', async () => {
    await using bench = await TestBench.create();
    await bench.put('HQ', ids(10));
    bench.devices.behaviour = 'silent';
    const [first, second] = [bench.balancer(mortal), bench.balancer(mortal)];
    const id = await bench.create();
    await Promise.all([first.scheduler.run(id), second.scheduler.run(id), first.scheduler.run(id)]);
    await vi.waitFor(() => expect(bench.devices.runs).toBe(10));
    await bench.until(id, ({ counts }) => expect(counts).toEqual({ OUTCOME_DELIVERED: 10 }));
    // Renewed each third of its time: the lease has lasted longer than one that is not renewed.
    const renewals = vi.spyOn(bench.registry.leases, 'hold');
    await vi.waitFor(() => expect(renewals.mock.calls.length).toBeGreaterThan(3), { timeout: 10_000 });
    await second.scheduler.run(id);
    expect([first.engine.calls.length + second.engine.calls.length, bench.devices.runs]).toEqual([1, 10]);
    first.engine.reportAll('OUTCOME_SUCCEEDED');
    second.engine.reportAll('OUTCOME_SUCCEEDED');
    expect((await bench.ended(id)).counts).toEqual({ OUTCOME_SUCCEEDED: 10 });
  });
});

describe('a balancer that drains', () => {
  it('sends no more, waits for direct commands, and leaves the others', async () => {
    await using bench = await TestBench.create();
    await bench.put('HQ', ids(100));
    bench.devices.behaviour = 'silent';
    const [first, second] = [bench.balancer({ maxInFlight: 30, leaseTtlMs: 60_000 }), bench.balancer()];
    const id = await bench.create();
    await first.scheduler.run(id);
    await vi.waitFor(() => expect(bench.devices.runs).toBe(30));
    const drained = first.scheduler.drain(AbortSignal.timeout(60_000));
    bench.devices.behaviour = 'answers';
    first.engine.reportAll('OUTCOME_SUCCEEDED');
    await drained;
    expect([bench.devices.runs, (await bench.view(id)).counts]).toEqual([30, { OUTCOME_SUCCEEDED: 30 }]);
    await second.scheduler.run(id);
    expect((await bench.ended(id)).counts).toEqual({ OUTCOME_SUCCEEDED: 100 });
    expect(once(bench)).toBe(true);
  });

  it('writes what it is told of direct commands when its time is over', async () => {
    await using bench = await TestBench.create();
    await bench.put('HQ', ids(5));
    bench.devices.behaviour = 'silent';
    const { scheduler, engine } = bench.balancer();
    const id = await bench.create();
    await scheduler.run(id);
    await vi.waitFor(() => expect(bench.devices.runs).toBe(5));
    const stop = new AbortController();
    const drained = scheduler.drain(stop.signal);
    stop.signal.addEventListener('abort', () => engine.reportAll('OUTCOME_UNKNOWN'));
    stop.abort();
    await drained;
    expect((await bench.view(id)).counts).toEqual({ OUTCOME_UNKNOWN: 5 });
  });
});
