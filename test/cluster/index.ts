export { eventually } from './eventually.ts';
export { inParallel } from './in-parallel.ts';
export { type Approach, approaches, closed } from './raw-clients.ts';
export { TestCluster, type TestClusterOptions, testGroup } from './test-cluster.ts';
export { testSecret } from './test-devices.ts';
