import { parseNodeId } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import { ClockComparison, describeSkew } from './clock-comparison.ts';
import { listedNode } from './node.fixture.ts';

const hourMs = 3_600_000;
const id = parseNodeId('dp-1');

/** Each push server's heartbeat is `silentMs` old and was sent by a clock that is ahead by so much. */
function compare(clocks: ClockComparison, wallMs: number, ...aheadMs: (number | undefined)[]): void {
  const nodes = aheadMs.map((ahead, index) => {
    const silentMs = 700;
    const seen = { nodeId: parseNodeId(`dp-${index + 1}`), silentMs };
    return listedNode(ahead === undefined ? seen : { ...seen, wallMs: wallMs - silentMs + ahead });
  });
  clocks.compare(nodes, wallMs);
}

describe('the comparison of clocks', () => {
  it.each([-60_000, -500, 0, 60_000])('tolerates %i ms', (aheadMs) => {
    const clocks = new ClockComparison();
    for (const atMs of [0, 1_000, 2_000]) compare(clocks, atMs, aheadMs);
    expect(clocks.aheadMs(id)).toBeUndefined();
  });

  it.each([-24 * hourMs, -60_001, 61_000, 365 * 24 * hourMs])(
    'finds %i ms, from the second heartbeat on',
    (aheadMs) => {
      const clocks = new ClockComparison();
      compare(clocks, 0, aheadMs);
      expect(clocks.aheadMs(id)).toBeUndefined();
      compare(clocks, 1_000, aheadMs);
      expect(clocks.aheadMs(id)).toBe(aheadMs);
      compare(clocks, 2_000, 0);
      expect(clocks.aheadMs(id)).toBeUndefined();
    },
  );

  it('counts a heartbeat once, however often it is read, e.g. while the registry does not answer', () => {
    const clocks = new ClockComparison();
    const node = listedNode({ wallMs: 5_000, silentMs: 0 });
    clocks.compare([node], 5_000);
    for (const wallMs of [120_000, 121_000, 122_000]) clocks.compare([node], wallMs);
    expect(clocks.aheadMs(id)).toBeUndefined();
  });

  it('says nothing of push servers that do not tell, or are silent', () => {
    const clocks = new ClockComparison();
    for (const atMs of [0, 1_000]) compare(clocks, atMs, undefined);
    expect(clocks.aheadMs(id)).toBeUndefined();
    for (const wallMs of [5, 6]) clocks.compare([listedNode({ wallMs, liveness: 'suspect' })], hourMs);
    expect(clocks.aheadMs(id)).toBeUndefined();
  });

  it('blames itself where most push servers agree with one another', () => {
    const clocks = new ClockComparison();
    for (const atMs of [0, 1_000]) compare(clocks, atMs, hourMs, hourMs + 5_000, 0);
    expect(clocks.ownAheadMs).toBe(-hourMs);
    expect(clocks.aheadMs(id)).toBeUndefined();
    for (const atMs of [2_000, 3_000]) compare(clocks, atMs, hourMs, -hourMs, 0);
    expect(clocks.ownAheadMs).toBeUndefined();
    expect(clocks.aheadMs(id)).toBe(hourMs);
    for (const atMs of [4_000, 5_000]) compare(clocks, atMs, hourMs, 0, 0);
    expect(clocks.ownAheadMs).toBeUndefined();
  });
});

it.each([
  [61_000, '1 min ahead of'],
  [-hourMs, '1 h behind'],
  [-27 * hourMs - 120_000, '1 d 3 h 2 min behind'],
  [400 * 24 * hourMs, '400 d ahead of'],
])('describes %i ms as %s', (aheadMs, words) => {
  expect(describeSkew(aheadMs)).toBe(words);
});
