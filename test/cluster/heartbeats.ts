import { eventually } from './eventually.ts';
import type { TestCluster } from './test-cluster.ts';

/** Resolves once the balancers have had so many more heartbeats of a push server, which sends one each second. */
export async function heartbeats(cluster: TestCluster, nodeId: string, count: number): Promise<void> {
  let silentMs = 0;
  for (let beat = 1; beat <= count; beat += 1) {
    await eventually(`heartbeat ${beat} of ${nodeId} comes`, async () => {
      const node = (await cluster.nodes()).find((each) => each.nodeId === nodeId);
      const wasSilentMs = silentMs;
      silentMs = node?.silentForMs ?? silentMs;
      return silentMs < wasSilentMs;
    });
  }
}
