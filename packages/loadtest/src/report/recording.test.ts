import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LatencyHistogram } from './latency-histogram.ts';
import { LoadRecorder } from './load-recorder.ts';
import { emptyRecording, mergeRecordings, type Recording } from './recording.ts';

type Event = { atMs: number; kind: 'offered' | 'lost' | 'push' | 'error'; ms: number };

const events = fc.array(
  fc.record<Event>({
    atMs: fc.nat(5000),
    kind: fc.constantFrom('offered', 'lost', 'push', 'error'),
    ms: fc.integer({ min: 1, max: 100_000 }),
  }),
  { maxLength: 60 },
);

function record(list: readonly Event[]): Recording {
  let nowMs = 0;
  const recorder = new LoadRecorder(() => nowMs);
  for (const { atMs, kind, ms } of list.toSorted((a, b) => a.atMs - b.atMs)) {
    nowMs = atMs;
    if (kind === 'offered') recorder.count('offered');
    else if (kind === 'lost') recorder.lost(`reason ${ms % 3}`);
    else if (kind === 'push') recorder.latency('push', ms);
    else recorder.error('assign', `code ${ms % 3}`, 'text');
  }
  return recorder.take();
}

function pushes(recording: Recording) {
  const histogram = new LatencyHistogram();
  for (const { latencies } of recording.seconds) for (const encoded of latencies.push ?? []) histogram.add(encoded);
  const { percentiles, hdr, ...figures } = histogram.summary();
  return { percentiles, ...figures };
}

const withoutLatencies = (recording: Recording) => ({
  ...recording,
  seconds: recording.seconds.map(({ second, counts }) => ({ second, counts })),
});

it('adds up what several processes recorded as if one process had seen it all', () => {
  fc.assert(
    fc.property(fc.array(events, { maxLength: 4 }), (lists) => {
      const merged = mergeRecordings(lists.map(record));
      const whole = record(lists.flat());
      expect(pushes(merged)).toEqual(pushes(whole));
      expect(withoutLatencies(merged)).toEqual(withoutLatencies(mergeRecordings([whole])));
    }),
    { numRuns: 60 },
  );
});

it('does not depend on the order or on what was added up before', () => {
  fc.assert(
    fc.property(events, events, events, (a, b, c) => {
      const [x, y, z] = [record(a), record(b), record(c)];
      const together = mergeRecordings([x, y, z]);
      expect(mergeRecordings([z, mergeRecordings([y, x])])).toEqual(together);
      expect(mergeRecordings([emptyRecording(), together])).toEqual(together);
    }),
    { numRuns: 60 },
  );
});

it('survives the way to another process as JSON', () => {
  const recording = record([{ atMs: 1500, kind: 'push', ms: 42 }]);
  expect(pushes(JSON.parse(JSON.stringify(recording)))).toMatchObject({ count: 1, minMs: expect.closeTo(42, 0) });
});
