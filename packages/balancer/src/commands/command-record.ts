import { type admin, invalidArgument, isDurable, limits, parseCommandId, parseDeviceId } from '@pushfleet/protocol';
import type { Priority } from '@pushfleet/registry';
import type { CommandRecord, CommandRef, Status } from './engine.ts';

/** Priorities by their names in the admin API. */
export const priorityNames: Readonly<Record<Priority, admin.Priority>> = {
  low: 'PRIORITY_LOW',
  normal: 'PRIORITY_NORMAL',
  high: 'PRIORITY_HIGH',
};

/** A command as the admin API shows it, and balancers among themselves. */
export function viewCommand({ id, device, priority, ...same }: CommandRecord): admin.CommandRecordInit {
  const queueing = priority ? { priority: priorityNames[priority] } : {};
  return { ...same, ...queueing, commandId: id, deviceId: device, durable: isDurable(id) };
}

/** The command with a new status, and with the time at which it got there. */
export function withStatus(command: CommandRecord, status: Status): CommandRecord {
  const { atMs } = status;
  switch (status.outcome) {
    case 'OUTCOME_ROUTED':
      return { ...command, status, routedAtMs: atMs };
    case 'OUTCOME_DELIVERED':
      return { ...command, status, deliveredAtMs: command.deliveredAtMs ?? atMs };
    case 'OUTCOME_RUNNING':
      return { ...command, status, runningAtMs: command.runningAtMs ?? atMs };
    default:
      return { ...command, status };
  }
}

/** @throws PushfleetError INVALID_ARGUMENT */
export function parseRef({ deviceId, commandId }: { deviceId: string; commandId: string }): CommandRef {
  return { device: parseDeviceId(deviceId), id: parseCommandId(commandId) };
}

/** @throws PushfleetError INVALID_ARGUMENT */
export function parseReason(reason: string): string {
  if (Buffer.byteLength(reason) <= limits.reasonChars) return reason;
  throw invalidArgument('reason', `at most ${limits.reasonChars} bytes`);
}
