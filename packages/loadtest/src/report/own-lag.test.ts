import { expect, it } from 'vitest';
import { LatencyHistogram } from './latency-histogram.ts';
import { lagRemarks, offerRemarks } from './own-lag.ts';

function summaryOf(ms: number) {
  const histogram = new LatencyHistogram();
  histogram.record(ms);
  return histogram.summary();
}

const phase = (name: string, pushMs: number, lagMs: number) => ({
  ...{ name, fromMs: 0, toMs: 1, outcomes: {}, closes: {} },
  latencies: { push: summaryOf(pushMs), fleetLag: summaryOf(lagMs), pushLag: summaryOf(lagMs) },
});

it('says in which phases latencies can be the own of the tool', () => {
  const remarks = lagRemarks({ fleetLag: summaryOf(5) }, [phase('rest', 4, 3), phase('ramp', 100, 4.9)]);
  expect(remarks).toEqual(["In phase rest up to 4 ms of the push p99 of 4 ms can be the load tool's own."]);
});

it('counts the lag of the devices that get commands, where these have a process of their own', () => {
  const { latencies, ...ramp } = phase('ramp', 100, 4);
  const late = { ...latencies, fleetLag: summaryOf(80), witnessLag: summaryOf(2) };
  expect(lagRemarks({}, [{ ...ramp, latencies: late }])).toEqual([]);
  expect(lagRemarks({}, [{ ...ramp, latencies: { ...late, witnessLag: summaryOf(30) } }])).toEqual([
    "In phase ramp up to 34 ms of the push p99 of 100 ms can be the load tool's own.",
  ]);
});

it('says that the fleet was late', () => {
  expect(lagRemarks({ fleetLag: summaryOf(250) }, [])).toEqual([expect.stringContaining('up to 250 ms late')]);
  expect(lagRemarks({}, [])).toEqual([]);
});

it('says that fewer devices came than were to', () => {
  const offered = [380, 400, 390, 380, 370, 360];
  expect(offerRemarks(offered, 2_100, 20_000)).toEqual([expect.stringContaining('At most 384 of the 2100 devices')]);
  expect(offerRemarks(offered, 400, 20_000)).toEqual([]);
  // It is over before a rate can be told.
  expect(offerRemarks([40], 300, 40)).toEqual([]);
});
