import { createHash } from 'node:crypto';
import { type CommandId, type DeviceId, durableCommandId, type GroupPushId, parseCommandId } from '@pushfleet/protocol';

/**
 * The id of a device's command in a group push. It is the same whoever computes it, so that whoever goes on with the
 * group push sends nothing twice.
 */
export function groupCommandId(groupPush: GroupPushId, device: DeviceId, isDurable: boolean): CommandId {
  const unique = createHash('sha256').update(`${groupPush}/${device}`).digest('hex').slice(0, 32);
  return isDurable ? durableCommandId(unique) : parseCommandId(unique);
}
