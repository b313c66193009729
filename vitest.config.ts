import { defineConfig } from 'vitest/config';

const inTest = (names: readonly string[]) => names.map((name) => `test/${name}.test.ts`);

/** Whole clusters that mostly wait: for pauses, deadlines, clocks. They leave the cores to one another. */
const patient = inTest([
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
]);

/** Whole clusters with thousands of devices or commands, or under attack: on two cores each of them needs both. */
const loaded = inTest([
  'assignment',
  'chaos/direct',
  'chaos/durable',
  'durable',
  'every-field',
  'fleet',
  'fuzz',
  'hostile-clients',
  'loadtest',
  'port-floods',
  'slow-device',
  'storm',
]);

/** The console in a real browser, beside whole clusters. */
const browser = 'test/browser/**/*.test.ts';

const globalSetup = 'test/redis/global-setup.ts';
const setupFiles = 'test/time/patient-waits.ts';
const clusterTimeoutMs = 180_000;

/** A condition that has not come true by then never will. Vitest's own second passes on a busy machine. */
const expect = { poll: { timeout: 20_000 } };

/** Modules are loaded once per worker, not once per file: more than half of what unit tests would cost. */
const isolate = false;

export default defineConfig({
  test: {
    globalSetup: 'test/cluster/compile-cache.ts',
    projects: [
      {
        test: {
          name: 'unit',
          include: ['packages/*/{src,web}/**/*.test.ts', 'benchmarks/**/*.test.ts'],
          globalSetup,
          setupFiles,
          expect,
          sequence: { groupOrder: 0 },
          isolate,
          // Vitest's own choice leaves one core out, of two; and many of these files wait for servers more than they compute.
          maxWorkers: 3,
          // A bound for what hangs: many of these start real servers, on a machine that may be busy.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'patient',
          include: patient,
          globalSetup,
          setupFiles,
          expect,
          sequence: { groupOrder: 1 },
          isolate,
          maxWorkers: 4,
          testTimeout: clusterTimeoutMs,
          hookTimeout: clusterTimeoutMs,
        },
      },
      {
        test: {
          name: 'cluster',
          include: ['test/**/*.test.ts'],
          exclude: [...patient, ...loaded, browser],
          globalSetup,
          setupFiles,
          expect,
          sequence: { groupOrder: 2 },
          isolate,
          // Whole clusters of real processes that take two thirds of a core on average.
          maxWorkers: 3,
          testTimeout: clusterTimeoutMs,
          hookTimeout: clusterTimeoutMs,
        },
      },
      {
        test: {
          name: 'browser',
          include: [browser],
          // One browser for all files; it and a cluster need both cores.
          globalSetup: [globalSetup, 'test/browser/global-setup.ts'],
          setupFiles,
          expect,
          sequence: { groupOrder: 4 },
          isolate,
          fileParallelism: false,
          testTimeout: clusterTimeoutMs,
          hookTimeout: clusterTimeoutMs,
        },
      },
      {
        test: {
          name: 'loaded',
          include: loaded,
          globalSetup,
          setupFiles,
          expect,
          sequence: { groupOrder: 3 },
          isolate,
          // One file at a time, or they starve one another.
          fileParallelism: false,
          testTimeout: clusterTimeoutMs,
          hookTimeout: clusterTimeoutMs,
        },
      },
    ],
  },
});
