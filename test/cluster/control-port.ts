import { openRegistry } from '@pushfleet/registry';
import type { TestCluster } from './test-cluster.ts';

/** The port on which the first worker of a cluster on the embedded registry listens for balancers. */
export async function controlPort(cluster: TestCluster): Promise<number> {
  const settings = { stateDir: cluster.stateDir, redisUrl: undefined, redisKeyPrefix: 'pushfleet' };
  await using registry = await openRegistry({ ...settings, suspectAfterMs: 5_000, deadAfterMs: 15_000 });
  const [node] = await registry.nodes.list();
  return Number(node?.workers[0]?.controlAddress.split(':').at(-1));
}
