import type { AdminClient, DrainOptions } from '@pushfleet/admin-sdk';
import { systemClock } from '@pushfleet/runtime';
import { CommandFailure } from '../output/failure.ts';
import { durationOf, formatDuration, toldOf } from './describe.ts';
import { followMaintenance, followRebalance, pollUntil } from './follow.ts';

/** At or below it the load counts as even. */
const evenRatio = 1.02;
const maxRebalances = 3;

export interface RollingRestart {
  client: AdminClient;
  pace: DrainOptions;
  say: (line: string) => void;
}

/**
 * Restarts one push server after the other. Each comes back empty, and is refilled by the devices of the next one, which
 * go to the least loaded; evening out after each would move them twice. What the last one lacks is evened out at the end.
 */
export async function restartAll(rolling: RollingRestart, nodeIds: readonly string[]): Promise<void> {
  const begunMs = systemClock.now();
  for (const nodeId of nodeIds) await restartOne(rolling, nodeId);
  await evenOut(rolling);
  rolling.say(`all ${nodeIds.length} restarted in ${formatDuration(systemClock.now() - begunMs)}`);
}

async function restartOne({ client, pace, say }: RollingRestart, nodeId: string): Promise<void> {
  const before = await bootOf(client, nodeId);
  const ordered = await client.restartNode(nodeId, pace);
  if (ordered.kind !== 'MAINTENANCE_KIND_RESTART') {
    throw new CommandFailure(`${nodeId} is being drained; \`pushfleet undrain ${nodeId}\` ends that`);
  }
  const done = await followMaintenance(client, ordered, () => undefined);
  await pollUntil(async () => ((await isReady(client, nodeId, before)) ? true : undefined));
  say(`${nodeId}: restarted in ${durationOf(done)}, ${done.moved} devices moved away`);
}

/** Devices that were on their way when it was planned make a second one necessary, now and then. */
async function evenOut({ client, say }: RollingRestart): Promise<void> {
  for (let round = 1; round <= maxRebalances; round += 1) {
    const { moves, largestToMean } = await client.planRebalance();
    if (moves.length === 0 || largestToMean <= evenRatio) {
      return say(`load is even, largest/mean ${largestToMean.toFixed(3)}`);
    }
    const done = await followRebalance(client, await client.startRebalance(), () => undefined);
    say(`rebalanced in ${durationOf(done)}, ${toldOf(done)} devices moved`);
  }
}

/** Boot ids of the workers: a restarted push server has others. */
async function bootOf(client: AdminClient, nodeId: string): Promise<string> {
  const node = (await client.listNodes()).find((each) => each.nodeId === nodeId);
  return node?.workers.map(({ pid }) => pid).join() ?? '';
}

async function isReady(client: AdminClient, nodeId: string, before: string): Promise<boolean> {
  const node = (await client.listNodes()).find((each) => each.nodeId === nodeId);
  return node?.status === 'NODE_STATUS_READY' && (await bootOf(client, nodeId)) !== before;
}
