import { expect, it } from 'vitest';
import { LoadRecorder } from './load-recorder.ts';
import { RunRecording } from './run-recording.ts';

function runAt() {
  const time = { ms: 0 };
  const now = () => time.ms;
  return { time, run: new RunRecording(now), processes: [new LoadRecorder(now), new LoadRecorder(now)] as const };
}

it('adds up the seconds of several processes, and takes percentiles over all of them', () => {
  const { time, run, processes } = runAt();
  const [a, b] = processes;
  a.count('connected', 3);
  b.count('connected', 4);
  for (let index = 0; index < 99; index++) a.latency('push', 10);
  b.latency('push', 500);
  b.latency('push', 500);
  time.ms = 1500;
  run.add(a.take());
  run.add(b.take());
  run.settle();
  expect(run.rows[0]).toMatchObject({ counts: { connected: 7 } });
  expect(run.rows[0]?.latencies.push).toMatchObject({ p50Ms: expect.closeTo(10, 1), p99Ms: expect.closeTo(500, 0) });
});

it('counts what happens in the second of a fault towards the fault', () => {
  const { time, run, processes } = runAt();
  const [devices] = processes;
  run.beginPhase('rest');
  devices.latency('push', 5);
  time.ms = 10_300;
  devices.latency('push', 5);
  run.beginPhase('loss');
  devices.latency('push', 700);
  run.add(devices.take());
  time.ms = 12_000;
  run.settle();
  const [rest, loss] = run.phases();
  expect(rest).toMatchObject({ name: 'rest', fromMs: 0, toMs: 10_300, latencies: { push: { count: 1 } } });
  expect(loss).toMatchObject({
    name: 'loss',
    toMs: 12_000,
    latencies: { push: { count: 2, maxMs: expect.closeTo(700, -1) } },
  });
  expect(run.latencies().push?.count).toBe(3);
});

it('keeps outcomes and lost links by phase', () => {
  const { run, processes } = runAt();
  const [devices] = processes;
  run.beginPhase('rest');
  devices.outcome('SUCCEEDED');
  run.add(devices.take());
  run.beginPhase('paused');
  devices.outcome('OUTCOME_UNKNOWN');
  devices.lost('keepAliveTimeout');
  devices.lost('keepAliveTimeout');
  run.add(devices.take());
  expect(run.phases()).toMatchObject([
    { outcomes: { SUCCEEDED: 1 }, closes: {} },
    { outcomes: { OUTCOME_UNKNOWN: 1 }, closes: { keepAliveTimeout: 2 } },
  ]);
  expect(run.rest).toMatchObject({ outcomes: { SUCCEEDED: 1, OUTCOME_UNKNOWN: 1 }, closes: { keepAliveTimeout: 2 } });
});

it('loses nothing that comes late', () => {
  const { time, run, processes } = runAt();
  const [awake, frozen] = processes;
  awake.latency('push', 5);
  frozen.latency('push', 90);
  const late = frozen.take();
  for (time.ms = 1000; time.ms < 30_000; time.ms += 1000) run.add(awake.take());
  expect(run.rows[0]?.latencies.push?.maxMs).toBeCloseTo(5, 1);
  run.add(late);
  time.ms += 5000;
  run.add(awake.take());
  expect(run.rows[0]?.latencies.push?.maxMs).toBeCloseTo(90, 0);
  expect(run.latencies().push?.count).toBe(2);
});

it('keeps one row for each second, with those in which nothing happened', () => {
  const { time, run, processes } = runAt();
  time.ms = 4000;
  processes[0].count('offered');
  run.add(processes[0].take());
  expect(run.rows).toHaveLength(5);
  expect(run.rows[2]).toEqual({ counts: {}, latencies: {} });
});

it('has a row for each second until the end, though nothing happens any more', () => {
  const { time, run, processes } = runAt();
  processes[0].count('connected', 60);
  run.add(processes[0].take());
  time.ms = 4500;
  run.finish();
  expect(run.rows).toHaveLength(5);
});

it('does not believe in the future', () => {
  const { run } = runAt();
  const seconds = [{ second: 1e9, counts: { offered: 1 }, latencies: {} }];
  run.add({ seconds, totals: {}, outcomes: {}, closes: {}, errors: [] });
  expect(run.rows).toHaveLength(1);
});
