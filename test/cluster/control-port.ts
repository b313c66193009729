import { openRegistry } from '@pushfleet/registry';
import type { TestCluster } from './test-cluster.ts';

/** The port on which the first worker of a cluster on the embedded registry listens for balancers. */
export async function controlPort(cluster: TestCluster): Promise<number> {
  const settings = { stateDir: cluster.stateDir, redisUrl: undefined, redisKeyPrefix: 'pushfleet' };
  await using registry = await openRegistry({ ...settings, suspectAfterMs: 5_000, deadAfterMs: 15_000 });
  const [node] = await registry.nodes.list();
  return Number(node?.workers[0]?.controlAddress.split(':').at(-1));
}

/** The port on which a balancer listens for the others, as it says itself when it is ready. */
export function peerPort(cluster: TestCluster, balancer = 0): number {
  const port = /"peer":(\d+)/.exec(cluster.balancers[balancer]?.output ?? '')?.[1];
  if (port === undefined) throw new Error('the balancer has not said where others reach it');
  return Number(port);
}
