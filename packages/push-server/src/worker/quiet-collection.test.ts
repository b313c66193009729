import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { QuietCollection, quietCollectionLimits } from './quiet-collection.ts';

const mib = 1_024 * 1_024;
const { checkEveryMs, quietChecks, offeredChecks, returnChecks, triggerPercent } = quietCollectionLimits;

function create(usedMib: number) {
  const clock = new ManualClock();
  const load = { utilization: 0 };
  const heap = { usedMib, percent: 0, offers: 0, stirred: 0 };
  const collection = new QuietCollection({
    ...{ clock, load },
    heap: {
      readUsedBytes: () => heap.usedMib * mib,
      setTriggerPercent: (percent) => {
        heap.percent = percent;
        if (percent > 0) heap.offers += 1;
      },
      stir: () => {
        heap.stirred += 1;
      },
    },
  });
  return { load, heap, collection, pass: (checks: number) => clock.advance(checks * checkEveryMs) };
}

describe('the collection in quiet moments', () => {
  it('has V8 collect what a storm left once the worker is quiet, and leaves V8 alone then', () => {
    const { load, heap, pass } = create(80);
    load.utilization = 0.9;
    heap.usedMib = 200;
    pass(60);
    expect(heap.percent).toBe(0);
    load.utilization = 0.1;
    pass(quietChecks - 1);
    expect(heap.percent).toBe(0);
    pass(1);
    expect(heap.percent).toBe(triggerPercent);
    heap.usedMib = 82;
    pass(1);
    expect(heap).toMatchObject({ percent: 0, stirred: 1 });
    pass(600);
    expect(heap).toMatchObject({ offers: 1, stirred: 1 + returnChecks });
  });

  it.each([
    [80, 99],
    [20, 27],
  ])('lets %d MiB grow to %d', (before, after) => {
    const { heap, pass } = create(before);
    heap.usedMib = after;
    pass(600);
    expect(heap.offers).toBe(0);
  });

  it('gives up where all that has grown lives, and asks again only after it has grown further', () => {
    const { heap, pass } = create(80);
    heap.usedMib = 120;
    pass(quietChecks + offeredChecks);
    expect(heap).toMatchObject({ percent: 0, offers: 1 });
    pass(600);
    expect(heap.offers).toBe(1);
    heap.usedMib = 151;
    pass(1);
    expect(heap.offers).toBe(2);
  });

  it('leaves the processor to devices that come meanwhile, and sees the same garbage later', () => {
    const { load, heap, pass } = create(80);
    heap.usedMib = 200;
    pass(quietChecks);
    load.utilization = 0.8;
    pass(1);
    expect(heap.percent).toBe(0);
    load.utilization = 0;
    pass(quietChecks);
    expect(heap.percent).toBe(triggerPercent);
  });

  it('counts from the least after V8 has collected by itself', () => {
    const { load, heap, pass } = create(200);
    load.utilization = 0.5;
    heap.usedMib = 100;
    pass(1);
    heap.usedMib = 126;
    load.utilization = 0;
    pass(quietChecks);
    expect(heap.offers).toBe(1);
  });

  it('has V8 look until it has collected', () => {
    const { heap, pass } = create(80);
    heap.usedMib = 200;
    pass(quietChecks + 3);
    expect(heap.stirred).toBe(4);
  });

  it('leaves V8 as it was', () => {
    const { heap, collection, pass } = create(80);
    heap.usedMib = 200;
    pass(quietChecks);
    collection[Symbol.dispose]();
    expect(heap.percent).toBe(0);
  });
});
