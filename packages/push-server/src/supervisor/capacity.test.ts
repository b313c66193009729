import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeShortage, planWorkers } from './capacity.ts';

/** A small machine. */
const onTwoCores = { wantedWorkers: 2, mostWorkers: 4 };

describe('planWorkers', () => {
  it.each([
    { fileLimit: 64, workers: 4, capacityPerWorker: 16, needs: 13_000 },
    { fileLimit: 256, workers: 4, capacityPerWorker: 192, needs: 13_000 },
    { fileLimit: 1_024, workers: 4, capacityPerWorker: 768, needs: 13_000 },
    { fileLimit: 4_096, workers: 4, capacityPerWorker: 3_596, needs: 13_000 },
    { fileLimit: 20_000, workers: 3, capacityPerWorker: 18_334, needs: undefined },
    { fileLimit: 1_048_576, workers: 2, capacityPerWorker: 27_500, needs: undefined },
  ])('plans 50,000 links with $fileLimit open files', ({ fileLimit, needs, ...expected }) => {
    const input = { maxConnections: 50_000, fileLimit, ...onTwoCores };
    const plan = planWorkers(input);
    expect(plan).toEqual(expected);
    const shortage = describeShortage(input, plan);
    if (needs === undefined) return expect(shortage).toBeUndefined();
    expect(shortage).toContain(`hold ${4 * expected.capacityPerWorker} of 50000 links`);
    expect(shortage).toContain(`to ${needs} (ulimit -n`);
  });

  it('gives one worker exactly what is wanted', () => {
    const input = { maxConnections: 10, fileLimit: 20_000, wantedWorkers: 1, mostWorkers: 1 };
    expect(planWorkers(input)).toEqual({ workers: 1, capacityPerWorker: 10 });
  });

  const anyInput = fc
    .record({
      maxConnections: fc.integer({ min: 1, max: 200_000 }),
      fileLimit: fc.integer({ min: 1, max: 1_000_000 }),
      wantedWorkers: fc.integer({ min: 1, max: 64 }),
      extraWorkers: fc.integer({ min: 0, max: 64 }),
    })
    .map(({ extraWorkers, ...input }) => ({ ...input, mostWorkers: input.wantedWorkers + extraWorkers }));

  it('has room for all links or says what is missing, and stays within both limits', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const plan = planWorkers(input);
        expect(plan.workers).toBeGreaterThanOrEqual(input.wantedWorkers);
        expect(plan.workers).toBeLessThanOrEqual(input.mostWorkers);
        expect(plan.capacityPerWorker).toBeLessThan(input.fileLimit);
        const hasRoom = plan.workers * plan.capacityPerWorker >= input.maxConnections;
        expect(describeShortage(input, plan) === undefined).toBe(hasRoom);
      }),
    );
  });

  it('names a limit that is enough', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const [, limit] = /open files to (\d+)/.exec(describeShortage(input, planWorkers(input)) ?? '') ?? [];
        if (limit === undefined) return;
        const raised = { ...input, fileLimit: Number(limit) };
        expect(describeShortage(raised, planWorkers(raised))).toBeUndefined();
      }),
    );
  });
});
