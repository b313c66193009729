import { eventually } from './eventually.ts';
import type { TestCluster } from './test-cluster.ts';

/** The index of the balancer that leads, by what they log, once one does. */
export function leadingBalancer({ balancers }: TestCluster): Promise<number> {
  return eventually('a balancer leads', () => {
    const index = balancers.findIndex(({ output }) => {
      return output.lastIndexOf('this balancer leads now') > output.lastIndexOf('this balancer leads no longer');
    });
    return index >= 0 && index;
  });
}
