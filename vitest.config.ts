import { defineConfig } from 'vitest/config';

/** Whole clusters that mostly wait: for pauses, deadlines, clocks. They leave the cores to one another. */
const patient = [
  'clock',
  'half-open',
  'hung-processes',
  'own-place',
  'pause',
  'reachability',
  'refused-writes',
  'removed-devices',
  'settings',
  'signals',
].map((name) => `test/${name}.test.ts`);

const globalSetup = 'test/redis/global-setup.ts';
const clusterTimeoutMs = 60_000;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts'],
          globalSetup,
          sequence: { groupOrder: 0 },
          // A bound for what hangs: many of these start real servers, all files at once on a machine that may be busy.
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'patient',
          include: patient,
          globalSetup,
          sequence: { groupOrder: 1 },
          maxWorkers: 3,
          testTimeout: clusterTimeoutMs,
          hookTimeout: clusterTimeoutMs,
        },
      },
      {
        test: {
          name: 'cluster',
          include: ['test/**/*.test.ts'],
          exclude: patient,
          globalSetup,
          sequence: { groupOrder: 2 },
          // Whole clusters of real processes: one file at a time, or they starve one another on two cores.
          fileParallelism: false,
          testTimeout: clusterTimeoutMs,
          hookTimeout: clusterTimeoutMs,
        },
      },
    ],
  },
});
