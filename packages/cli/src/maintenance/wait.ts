import { type AdminClient, PushfleetError } from '@pushfleet/admin-sdk';
import type { admin } from '@pushfleet/protocol';
import { systemClock } from '@pushfleet/runtime';
import { describeStatus } from '../nodes/render.ts';
import { CommandFailure } from '../output/failure.ts';
import { count } from '../output/format.ts';
import { pause } from '../stop.ts';

const pollMs = 250;

/** Asks again and again until there is an answer. A balancer that does not answer for a moment is asked again. */
async function pollUntil<Value>(ask: () => Promise<Value | undefined>): Promise<Value> {
  for (;;) {
    try {
      const value = await ask();
      if (value !== undefined) return value;
    } catch (error) {
      if (!(error instanceof PushfleetError) || error.retry === 'never') throw error;
    }
    await pause(pollMs);
  }
}

/** Waits until the drain or restart has ended; `onChange` is told of each step. */
export async function awaitMaintenance(
  client: AdminClient,
  { nodeId, maintenanceId }: admin.Maintenance,
  onChange: (now: admin.Maintenance) => void,
): Promise<admin.Maintenance> {
  return pollUntil(async () => {
    const now = await client.maintenance.get(nodeId);
    if (now.maintenanceId !== maintenanceId) throw new CommandFailure(`${nodeId}: somebody has cancelled it`);
    onChange(now);
    return now.phase === 'MAINTENANCE_PHASE_DONE' ? now : undefined;
  });
}

/** Waits until the rebalance has ended. */
export async function awaitRebalance(
  client: AdminClient,
  { rebalanceId }: admin.Rebalance,
  onChange: (now: admin.Rebalance) => void,
): Promise<admin.Rebalance> {
  return pollUntil(async () => {
    const now = await client.maintenance.getRebalance();
    if (now?.rebalanceId !== rebalanceId) throw new CommandFailure('another rebalance has taken its place');
    onChange(now);
    return now.state === 'REBALANCE_STATE_RUNNING' ? undefined : now;
  });
}

/** Waits until the rolling restart has ended. */
export async function awaitRollingRestart(
  client: AdminClient,
  { rollingRestartId }: admin.RollingRestart,
  onChange: (now: admin.RollingRestart) => void,
): Promise<admin.RollingRestart> {
  return pollUntil(async () => {
    const now = await client.maintenance.getRollingRestart();
    if (now?.rollingRestartId !== rollingRestartId) {
      throw new CommandFailure('another rolling restart has taken its place');
    }
    onChange(now);
    return now.endedAtMs > 0 ? now : undefined;
  });
}

export function describeMaintenance({ nodeId, phase, moved, remaining }: admin.Maintenance): string {
  const step = phase.slice('MAINTENANCE_PHASE_'.length).toLowerCase();
  return `${nodeId}: ${step}, ${count(moved, 'device')} redirected, ${count(remaining, 'link')} left`;
}

export function redirectedOf({ moves }: admin.Rebalance): number {
  return moves.reduce((sum, { redirected }) => sum + redirected, 0);
}

/** Workers start in seconds, and it takes a few more to find that nobody gets through to them. */
const withinMs = 60_000;

/** Which processes its workers are: a push server that was restarted has others. */
export async function workersOf(client: AdminClient, nodeId: string): Promise<string> {
  return pidsOf(await findNode(client, nodeId));
}

/**
 * Waits until a push server that was restarted takes devices, and balancers get through to it.
 * @param before Its workers before the restart.
 * @throws CommandFailure that says what is wrong with it
 */
export async function awaitReady(client: AdminClient, nodeId: string, before: string): Promise<void> {
  const begunMs = systemClock.now();
  await pollUntil(async () => {
    const node = await findNode(client, nodeId);
    const isOther = pidsOf(node) !== before;
    if (isOther && node?.status === 'NODE_STATUS_READY') return true;
    const isBad = isOther && node !== undefined && failedStatuses.has(node.status);
    if (!isBad && systemClock.now() - begunMs < withinMs) return undefined;
    throw new CommandFailure(`${nodeId} does not work after its restart: ${describeStatus(node)}`);
  });
}

const failedStatuses: ReadonlySet<admin.NodeStatus> = new Set([
  'NODE_STATUS_UNREACHABLE',
  'NODE_STATUS_FAILED',
  'NODE_STATUS_DEAD',
]);

async function findNode(client: AdminClient, nodeId: string): Promise<admin.Node | undefined> {
  return (await client.nodes.list()).find((each) => each.nodeId === nodeId);
}

function pidsOf(node: admin.Node | undefined): string {
  return node?.workers.map(({ pid }) => pid).join() ?? '';
}
