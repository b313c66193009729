import type { CommandId, common, DeviceId, GroupPushId } from '@pushfleet/protocol';
import type { DeviceOutcome, GroupPushes, GroupPushView } from '@pushfleet/registry';
import { Lease, silentLogger, systemClock } from '@pushfleet/runtime';
import { describe, expect, it, vi } from 'vitest';
import { CheckpointWriter } from './checkpoint.ts';
import { ids, TestBench } from './test-bench.fixture.ts';

const outcomeOf = (device: string, outcome: common.Outcome): DeviceOutcome => ({
  device: device as DeviceId,
  command: `command-of-${device}` as CommandId,
  outcome,
  reason: '',
  atMs: 1,
});

interface Written {
  handedOutTo: DeviceId | undefined;
  endedAtMs: number | undefined;
  outcomes: readonly DeviceOutcome[];
}

/** A writer on a real registry, and what it wrote to that. */
async function open(bench: TestBench, id: GroupPushId) {
  const written: Written[] = [];
  const { groupPushes, leases } = bench.registry;
  const port: Pick<GroupPushes, 'advance' | 'get'> = {
    get: (one) => groupPushes.get(one),
    advance: (record, outcomes, token) => {
      const { handedOutTo, endedAtMs } = record;
      written.push({ handedOutTo, endedAtMs, outcomes });
      return groupPushes.advance(record, outcomes, token);
    },
  };
  const terms = { clock: systemClock, logger: silentLogger };
  const asked = { leases, name: `group-push:${id}`, ttlMs: 10_000, renewEveryMs: 3_000, ...terms } as const;
  const lease = (await Lease.acquire(asked)) as Lease;
  const seen: GroupPushView[] = [];
  const onView = () => seen.push(checkpoint.view);
  const checkpoint: CheckpointWriter = new CheckpointWriter(await bench.view(id), {
    groupPushes: port,
    lease,
    ...terms,
    onView,
  });
  return { checkpoint, lease, written, port };
}

describe('CheckpointWriter', () => {
  it('records devices together with how far they are handed out, and nothing that has not settled', async () => {
    await using bench = await TestBench.create();
    const { checkpoint, lease, written } = await open(bench, await bench.create());
    const batch = ids(3).map((device) => outcomeOf(device, 'OUTCOME_QUEUED'));
    checkpoint.collect(outcomeOf('a', 'OUTCOME_ROUTED'));
    expect(await checkpoint.recordBatch(batch, { devices: 3 })).toBe(true);
    expect(written).toEqual([{ handedOutTo: 'd-00002', endedAtMs: undefined, outcomes: batch }]);
    expect(checkpoint.view).toMatchObject({ devices: 3, counts: { OUTCOME_QUEUED: 3 } });
    checkpoint.collect(outcomeOf('a', 'OUTCOME_SUCCEEDED'));
    await vi.waitFor(() => expect(written).toHaveLength(2));
    expect(written[1]?.outcomes).toEqual([outcomeOf('a', 'OUTCOME_SUCCEEDED')]);
    lease.end();
  });

  it('writes what has not ended once it has been so for a while, and where somebody else is to go on', async () => {
    await using bench = await TestBench.create();
    const { checkpoint, lease, written } = await open(bench, await bench.create());
    const [routed, running] = [outcomeOf('a', 'OUTCOME_ROUTED'), outcomeOf('a', 'OUTCOME_RUNNING')];
    checkpoint.collect(routed);
    checkpoint.collect(outcomeOf('b', 'OUTCOME_ROUTED'));
    checkpoint.collect(outcomeOf('b', 'OUTCOME_SUCCEEDED'));
    checkpoint.collect(running);
    await vi.waitFor(() => expect(written).toHaveLength(2), { timeout: 10_000 });
    expect(written.map(({ outcomes }) => outcomes)).toEqual([[outcomeOf('b', 'OUTCOME_SUCCEEDED')], [running]]);
    checkpoint.collect(outcomeOf('c', 'OUTCOME_ROUTED'));
    await checkpoint.flush();
    expect(written[2]?.outcomes).toEqual([outcomeOf('c', 'OUTCOME_ROUTED')]);
    lease.end();
  });

  it('writes at most 1,000 outcomes at a time, and the end not before any of them', async () => {
    await using bench = await TestBench.create();
    const id = await bench.create();
    const { checkpoint, lease, written } = await open(bench, id);
    for (const device of ids(2_300)) checkpoint.collect(outcomeOf(device, 'OUTCOME_SUCCEEDED'));
    await checkpoint.close({ state: 'done', endedAtMs: 7 });
    expect(Math.max(...written.map(({ outcomes }) => outcomes.length))).toBeLessThanOrEqual(1_000);
    expect(written.findIndex(({ endedAtMs }) => endedAtMs !== undefined)).toBe(written.length - 1);
    expect(await bench.view(id)).toMatchObject({ endedAtMs: 7, counts: { OUTCOME_SUCCEEDED: 2_300 } });
    lease.end();
  });

  it('tries the same again until the registry answers', async () => {
    await using bench = await TestBench.create();
    const { checkpoint, lease, written, port } = await open(bench, await bench.create());
    const { advance } = port;
    let failures = 2;
    port.advance = (record, outcomes, token) => {
      if (failures === 0) return advance(record, outcomes, token);
      failures -= 1;
      return Promise.reject(new Error('no answer'));
    };
    const recording = checkpoint.recordBatch([outcomeOf('a', 'OUTCOME_QUEUED')], {});
    checkpoint.change({ reason: 'meanwhile' });
    expect(await recording).toBe(true);
    await checkpoint.flush();
    expect(written[0]).toMatchObject({ handedOutTo: 'a', outcomes: [outcomeOf('a', 'OUTCOME_QUEUED')] });
    expect(checkpoint.view).toMatchObject({ handedOutTo: 'a', reason: 'meanwhile', counts: { OUTCOME_QUEUED: 1 } });
    lease.end();
  });

  it('writes nothing, and gives the lease up, once somebody with a greater token has written', async () => {
    await using bench = await TestBench.create();
    const id = await bench.create();
    const { checkpoint, lease } = await open(bench, id);
    const { counts: _, desiredState: __, ...record } = await bench.view(id);
    await bench.registry.groupPushes.advance({ ...record, reason: 'newer' }, [], lease.token + 1);
    expect(await checkpoint.recordBatch([outcomeOf('a', 'OUTCOME_QUEUED')], {})).toBe(false);
    expect(lease.lost.aborted).toBe(true);
    await checkpoint.flush();
    expect(await bench.view(id)).toMatchObject({ reason: 'newer', counts: {} });
  });

  it('reads the desired state without writing', async () => {
    await using bench = await TestBench.create();
    const id = await bench.create();
    const { checkpoint, lease, written } = await open(bench, id);
    await bench.registry.groupPushes.setDesiredState(id, 'paused');
    checkpoint.refresh();
    await vi.waitFor(() => expect(checkpoint.view.desiredState).toBe('paused'));
    expect(written).toEqual([]);
    lease.end();
  });
});
