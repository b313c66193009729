import type { RebalanceRecord } from '@pushfleet/registry';
import { expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { RebalanceRequests } from './rebalance-requests.ts';

/** A registry in memory, whose leader takes a request up when the test says so. */
function create() {
  const clock = new ManualClock();
  const state = { record: undefined as RebalanceRecord | undefined, askedAtMs: [] as number[] };
  const ask = async () => {
    state.askedAtMs.push(clock.now());
  };
  const rebalances = { get: async () => state.record, requestStart: ask, requestAbort: ask };
  const requests = new RebalanceRequests({ registry: { rebalances } as never, directory: {} as never, clock });
  const begin = () => {
    state.record = { id: 'r-1', state: 'running', cause: 'asked', moves: [], startedAtMs: 1 };
  };
  return { clock, state, requests, begin };
}

it('waits for the leader by the injected clock, and asks again every 1.5 s', async () => {
  const { clock, state, requests, begin } = create();
  const started = requests.start();
  await clock.turn(3_000);
  begin();
  await clock.turn(100);
  expect(await started).toMatchObject({ rebalance: { rebalanceId: 'r-1', state: 'REBALANCE_STATE_RUNNING' } });
  expect(state.askedAtMs).toEqual([0, 1_500, 3_000]);
  expect(clock.pending).toBe(0);
});

it.each(['start', 'abort'] as const)('says after 8 s that no leader has taken a request to %s up', async (what) => {
  const { clock, state, requests, begin } = create();
  if (what === 'abort') begin();
  const refused = requests[what]().catch((error: unknown) => error);
  await clock.turn(8_000);
  expect(await refused).toMatchObject({ code: 'OVERLOADED', retryAfterMs: 1_000 });
  expect(state.askedAtMs).toEqual([0, 1_500, 3_000, 4_500, 6_000, 7_500]);
});

it('answers one that is running without asking anybody', async () => {
  const { state, requests, begin } = create();
  begin();
  expect(await requests.start()).toMatchObject({ rebalance: { rebalanceId: 'r-1' } });
  expect(state.askedAtMs).toEqual([]);
});
