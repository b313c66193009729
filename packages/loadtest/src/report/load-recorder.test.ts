import { expect, it } from 'vitest';
import { LatencyHistogram } from './latency-histogram.ts';
import { LoadRecorder } from './load-recorder.ts';
import { maxErrors } from './recording.ts';

function recorderAt(startMs = 0) {
  const time = { ms: startMs };
  return { time, recorder: new LoadRecorder(() => time.ms) };
}

it('puts counts and latencies into the second in which they happened', () => {
  const { time, recorder } = recorderAt(999);
  recorder.count('offered');
  recorder.latency('connect', 12.5);
  time.ms = 1000;
  recorder.count('connected', 3);
  recorder.latency('connect', 40);
  recorder.latency('connect', 80);
  const { seconds } = recorder.take();
  expect(seconds.map(({ second, counts }) => ({ second, counts }))).toEqual([
    { second: 0, counts: { offered: 1 } },
    { second: 1, counts: { connected: 3 } },
  ]);
  const histogram = new LatencyHistogram();
  for (const encoded of seconds[1]?.latencies.connect ?? []) histogram.add(encoded);
  expect(histogram.count).toBe(2);
  expect(histogram.maxMs()).toBeCloseTo(80, 0);
});

it('hands everything over once', () => {
  const { recorder } = recorderAt();
  recorder.lost('keepAliveTimeout');
  recorder.outcome('SUCCEEDED');
  recorder.error('assign', 'NO_PUSH_SERVER', 'none is ready');
  recorder.countInAll('handshakesResumed');
  expect(recorder.take()).toEqual({
    seconds: [{ second: 0, counts: { lost: 1 }, latencies: {} }],
    totals: { handshakesResumed: 1 },
    outcomes: { SUCCEEDED: 1 },
    closes: { keepAliveTimeout: 1 },
    errors: [{ operation: 'assign', reason: 'NO_PUSH_SERVER', count: 1, sample: 'none is ready', firstAtMs: 0 }],
  });
  expect(recorder.take()).toEqual({ seconds: [], totals: {}, outcomes: {}, closes: {}, errors: [] });
});

it('counts what goes beyond the different errors that it tells apart', () => {
  const { recorder } = recorderAt();
  for (let index = 0; index < maxErrors + 5; index++) recorder.error('push', `reason ${index}`, 'x'.repeat(1000));
  const { errors } = recorder.take();
  expect(errors).toHaveLength(maxErrors + 1);
  expect(errors.at(-1)).toMatchObject({ operation: 'any', reason: 'other', count: 5 });
  expect(errors[0]?.sample).toHaveLength(300);
});
