import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planWorkers } from './capacity.ts';

describe('planWorkers', () => {
  it.each([
    {
      maxConnections: 50_000,
      fileLimit: 20_000,
      wantedWorkers: 2,
      expected: { workers: 3, capacityPerWorker: 18_334 },
    },
    {
      maxConnections: 50_000,
      fileLimit: 1_048_576,
      wantedWorkers: 2,
      expected: { workers: 2, capacityPerWorker: 27_500 },
    },
    { maxConnections: 10, fileLimit: 20_000, wantedWorkers: 1, expected: { workers: 1, capacityPerWorker: 10 } },
  ])('gives $expected.workers workers for $maxConnections links', ({ expected, ...input }) => {
    expect(planWorkers(input)).toEqual(expected);
  });

  it('has room for all links, and no worker beyond its file limit', () => {
    const input = fc.record({
      maxConnections: fc.integer({ min: 1, max: 200_000 }),
      fileLimit: fc.integer({ min: 1_024, max: 1_000_000 }),
      wantedWorkers: fc.integer({ min: 1, max: 64 }),
    });
    fc.assert(
      fc.property(input, (given) => {
        const { workers, capacityPerWorker } = planWorkers(given);
        expect(workers).toBeGreaterThanOrEqual(given.wantedWorkers);
        expect(workers * capacityPerWorker).toBeGreaterThanOrEqual(given.maxConnections);
        expect(capacityPerWorker).toBeLessThan(given.fileLimit);
      }),
    );
  });
});
