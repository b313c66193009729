import type { admin } from '@pushfleet/protocol';
import type { Priority, StoredCommand } from '@pushfleet/registry';
import type { PendingCommand } from './pending-command.ts';

/** As the admin API names them. */
export const priorityNames: Readonly<Record<Priority, admin.Priority>> = {
  low: 'PRIORITY_LOW',
  normal: 'PRIORITY_NORMAL',
  high: 'PRIORITY_HIGH',
};

export function viewStored(command: StoredCommand): admin.CommandRecordInit {
  const { id, device, priority, routedAtMs = 0, deliveredAtMs = 0, runningAtMs = 0, ...same } = command;
  return {
    ...same,
    commandId: id,
    deviceId: device,
    durable: true,
    priority: priorityNames[priority],
    routedAtMs,
    deliveredAtMs,
    runningAtMs,
  };
}

export function viewDirect(command: PendingCommand): admin.CommandRecordInit {
  const { id, device, operation, status, nodeId } = command;
  const { acceptedAtMs, deliverWithinMs, finishWithinMs } = command.terms;
  const { routedAtMs, deliveredAtMs, runningAtMs } = command;
  const reached = { acceptedAtMs, routedAtMs, deliveredAtMs, runningAtMs };
  const deadlines = { deliverByMs: acceptedAtMs + deliverWithinMs, finishByMs: acceptedAtMs + finishWithinMs };
  return { commandId: id, deviceId: device, operation, status, nodeId, ...reached, ...deadlines };
}
