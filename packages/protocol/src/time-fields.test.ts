import { describe, expect, it } from 'vitest';
import { loadTypes, types } from './descriptors.ts';
import { fromDuration, fromTimestamp, parsePeriod, toDuration, toTimestamp } from './time-fields.ts';

it.each([
  [0, { seconds: 0, nanos: 0 }],
  [1, { seconds: 0, nanos: 1_000_000 }],
  [1_500, { seconds: 1, nanos: 500_000_000 }],
  [-1_500, { seconds: -1, nanos: -500_000_000 }],
  [2_678_400_000, { seconds: 2_678_400, nanos: 0 }],
])('%d ms are the duration %j, and back', (ms, duration) => {
  expect(toDuration(ms)).toEqual(duration);
  expect(fromDuration(duration)).toBe(ms);
});

it.each([
  [Number.NaN, 0],
  [Number.POSITIVE_INFINITY, 315_576_000_000],
  [Number.NEGATIVE_INFINITY, -315_576_000_000],
  [999.999_999_9, 0],
])('%d ms are within what a duration can be', (ms, seconds) => {
  const duration = toDuration(ms);
  expect(duration.seconds).toBe(seconds);
  expect(Math.abs(duration.nanos)).toBeLessThan(1e9);
});

it.each([
  [{ seconds: 0, nanos: 1 }, 1],
  [{ seconds: 1, nanos: 1_000_001 }, 1_002],
  [{ seconds: 0, nanos: -1 }, -1],
])('the duration %j, which is between two milliseconds, is %d ms', (duration, ms) => {
  expect(fromDuration(duration)).toBe(ms);
});

it.each([
  { seconds: 315_576_000_001, nanos: 0 },
  { seconds: -315_576_000_001, nanos: 0 },
  { seconds: 0, nanos: 1_000_000_000 },
  { seconds: 1, nanos: -1 },
  { seconds: -1, nanos: 1 },
])('%j is no duration', (duration) => {
  expect(fromDuration(duration)).toBeNaN();
});

it.each([
  [0, { seconds: 0, nanos: 0 }],
  [1_795_377_000_250, { seconds: 1_795_377_000, nanos: 250_000_000 }],
  [-1, { seconds: -1, nanos: 999_000_000 }],
])('%d ms since the epoch are the timestamp %j, and back', (ms, timestamp) => {
  expect(toTimestamp(ms)).toEqual(timestamp);
  expect(fromTimestamp(timestamp)).toBe(ms);
});

it.each([
  { seconds: 253_402_300_800, nanos: 0 },
  { seconds: -62_135_596_801, nanos: 0 },
  { seconds: 0, nanos: -1 },
  { seconds: 0, nanos: 1_000_000_000 },
])('%j is no timestamp', (timestamp) => {
  expect(fromTimestamp(timestamp)).toBeNaN();
});

it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300])('%d ms give a timestamp', (ms) => {
  expect(fromTimestamp(toTimestamp(ms))).not.toBeNaN();
});

describe('a field of time', () => {
  const name = 'pushfleet.common.v1.GetStatistics';
  const [mapped, onWire] = [types.lookupType(name), loadTypes().lookupType(name)];
  const read = (bytes: Uint8Array) => mapped.toObject(mapped.decode(bytes), { defaults: true });

  it('is a number in TypeScript, and a message on the wire', () => {
    const bytes = mapped.encode(mapped.fromObject({ applicationId: 'av', intervalMs: 1_500 })).finish();
    const wire = onWire.toObject(onWire.decode(bytes), { longs: Number });
    expect(wire).toMatchObject({ applicationId: 'av', interval: { seconds: 1, nanos: 500_000_000 } });
    expect(read(bytes)).toEqual({ applicationId: 'av', counters: [], intervalMs: 1_500 });
  });

  it.each([undefined, null, 0])('that is %s is absent on the wire, and 0 when it is read', (intervalMs) => {
    const bytes = mapped.encode(mapped.fromObject({ applicationId: 'av', intervalMs })).finish();
    expect(onWire.toObject(onWire.decode(bytes))).toEqual({ applicationId: 'av' });
    expect(read(bytes).intervalMs).toBe(0);
  });

  it('that is out of range is NaN', () => {
    const bytes = onWire.encode(onWire.fromObject({ interval: { seconds: 1, nanos: -5 } })).finish();
    expect(read(bytes).intervalMs).toBeNaN();
  });

  it('leaves the object that is sent as it is', () => {
    const sent = Object.freeze({ applicationId: 'av', intervalMs: 1_500 });
    mapped.fromObject(sent);
    expect(sent).toEqual({ applicationId: 'av', intervalMs: 1_500 });
  });
});

describe('a period', () => {
  const limits = { leastMs: 100, mostMs: 10_000, fallbackMs: 500 };

  it.each([
    [0, 500],
    [100, 100],
    [10_000, 10_000],
  ])('of %d ms is %d ms', (ms, expected) => {
    expect(parsePeriod(ms, 'ttl', limits)).toBe(expected);
  });

  it.each([-1, 99, 10_001, Number.NaN, Number.POSITIVE_INFINITY])('of %d ms is refused', (ms) => {
    expect(() => parsePeriod(ms, 'ttl', limits)).toThrow('ttl: must be 0.1s to 10s, or absent (0.5s)');
  });
});
