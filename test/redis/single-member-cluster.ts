import { askRedis, eventuallyAnswers } from './redis-command.ts';

const slotCount = 16_384;

/** Makes a server that runs in cluster mode a whole cluster: all slots are its own. */
export async function formSingleMemberCluster(url: string): Promise<void> {
  await askRedis(url, ['CLUSTER', 'ADDSLOTS', ...slots(0, slotCount)]);
  await eventuallyAnswers(url, ['CLUSTER', 'INFO'], 'cluster_state:ok');
}

/** From `first` on, without `end`. */
export function slots(first: number, end: number): string[] {
  return Array.from({ length: end - first }, (_, index) => String(first + index));
}
