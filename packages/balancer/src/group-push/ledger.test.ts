import type { CommandId, common, DeviceId, GroupPushId } from '@pushfleet/protocol';
import type { DeviceOutcome, GroupPushes, GroupPushView } from '@pushfleet/registry';
import { silentLogger, systemClock } from '@pushfleet/runtime';
import { describe, expect, it, vi } from 'vitest';
import { Ledger } from './ledger.ts';
import { ids, Stage } from './stage.fixture.ts';
import { Tenure } from './tenure.ts';

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

/** A ledger on a real registry, and what was written to that. */
async function open(stage: Stage, id: GroupPushId) {
  const written: Written[] = [];
  const { groupPushes, leases } = stage.registry;
  const port: Pick<GroupPushes, 'advance' | 'get'> = {
    get: (one) => groupPushes.get(one),
    advance: (record, outcomes, token) => {
      const { handedOutTo, endedAtMs } = record;
      written.push({ handedOutTo, endedAtMs, outcomes });
      return groupPushes.advance(record, outcomes, token);
    },
  };
  const terms = { clock: systemClock, logger: silentLogger };
  const tenure = (await Tenure.begin(id, { leases, ...terms })) as Tenure;
  const seen: GroupPushView[] = [];
  const onView = () => seen.push(ledger.view);
  const ledger: Ledger = new Ledger(await stage.view(id), { groupPushes: port, tenure, ...terms, onView });
  return { ledger, tenure, written, port };
}

describe('Ledger', () => {
  it('notes devices together with how far they are handed out, and nothing that has not settled', async () => {
    await using stage = await Stage.create();
    const { ledger, tenure, written } = await open(stage, await stage.create());
    const notes = ids(3).map((device) => outcomeOf(device, 'OUTCOME_QUEUED'));
    ledger.collect(outcomeOf('a', 'OUTCOME_ROUTED'));
    expect(await ledger.note(notes, { devices: 3 })).toBe(true);
    expect(written).toEqual([{ handedOutTo: 'd-00002', endedAtMs: undefined, outcomes: notes }]);
    expect(ledger.view).toMatchObject({ devices: 3, counts: { OUTCOME_QUEUED: 3 } });
    ledger.collect(outcomeOf('a', 'OUTCOME_SUCCEEDED'));
    await vi.waitFor(() => expect(written).toHaveLength(2));
    expect(written[1]?.outcomes).toEqual([outcomeOf('a', 'OUTCOME_SUCCEEDED')]);
    tenure.end();
  });

  it('writes at most 1,000 outcomes at a time, and the end not before any of them', async () => {
    await using stage = await Stage.create();
    const id = await stage.create();
    const { ledger, tenure, written } = await open(stage, id);
    for (const device of ids(2_300)) ledger.collect(outcomeOf(device, 'OUTCOME_SUCCEEDED'));
    await ledger.close({ state: 'done', endedAtMs: 7 });
    expect(Math.max(...written.map(({ outcomes }) => outcomes.length))).toBeLessThanOrEqual(1_000);
    expect(written.findIndex(({ endedAtMs }) => endedAtMs !== undefined)).toBe(written.length - 1);
    expect(await stage.view(id)).toMatchObject({ endedAtMs: 7, counts: { OUTCOME_SUCCEEDED: 2_300 } });
    tenure.end();
  });

  it('tries the same again until the registry answers', async () => {
    await using stage = await Stage.create();
    const { ledger, tenure, written, port } = await open(stage, await stage.create());
    const { advance } = port;
    let failures = 2;
    port.advance = (record, outcomes, token) => {
      if (failures === 0) return advance(record, outcomes, token);
      failures -= 1;
      return Promise.reject(new Error('no answer'));
    };
    const noting = ledger.note([outcomeOf('a', 'OUTCOME_QUEUED')], {});
    ledger.change({ reason: 'meanwhile' });
    expect(await noting).toBe(true);
    await ledger.flush();
    expect(written[0]).toMatchObject({ handedOutTo: 'a', outcomes: [outcomeOf('a', 'OUTCOME_QUEUED')] });
    expect(ledger.view).toMatchObject({ handedOutTo: 'a', reason: 'meanwhile', counts: { OUTCOME_QUEUED: 1 } });
    tenure.end();
  });

  it('writes nothing, and ends the tenure, once somebody with a greater token has written', async () => {
    await using stage = await Stage.create();
    const id = await stage.create();
    const { ledger, tenure } = await open(stage, id);
    const { counts: _, desiredState: __, ...record } = await stage.view(id);
    await stage.registry.groupPushes.advance({ ...record, reason: 'newer' }, [], tenure.token + 1);
    expect(await ledger.note([outcomeOf('a', 'OUTCOME_QUEUED')], {})).toBe(false);
    expect(tenure.lost.aborted).toBe(true);
    await ledger.flush();
    expect(await stage.view(id)).toMatchObject({ reason: 'newer', counts: {} });
  });

  it('reads what is wished without writing', async () => {
    await using stage = await Stage.create();
    const id = await stage.create();
    const { ledger, tenure, written } = await open(stage, id);
    await stage.registry.groupPushes.setDesiredState(id, 'paused');
    ledger.refresh();
    await vi.waitFor(() => expect(ledger.view.desiredState).toBe('paused'));
    expect(written).toEqual([]);
    tenure.end();
  });
});
