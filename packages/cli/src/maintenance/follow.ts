import { setTimeout as sleep } from 'node:timers/promises';
import { type AdminClient, PushfleetError } from '@pushfleet/admin-sdk';
import type { admin } from '@pushfleet/protocol';
import { CommandFailure } from '../output/failure.ts';

const pollMs = 250;

/** Asks again and again until there is an answer. A balancer that does not answer for a moment is asked again. */
export async function pollUntil<Value>(ask: () => Promise<Value | undefined>): Promise<Value> {
  for (;;) {
    try {
      const value = await ask();
      if (value !== undefined) return value;
    } catch (error) {
      if (!(error instanceof PushfleetError) || error.retry === 'never') throw error;
    }
    await sleep(pollMs);
  }
}

/** Waits until the drain or restart has ended; `onChange` is told of each step. */
export async function followMaintenance(
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
export async function followRebalance(
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
