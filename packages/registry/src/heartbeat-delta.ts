import type { BootId, DeviceId } from '@pushfleet/protocol';
import type { HeartbeatDelta } from './nodes.ts';

/** Of one life of a worker: each device once. */
export interface BootDelta {
  bootId: BootId;
  arrived: Set<DeviceId>;
  left: Set<DeviceId>;
}

export function deltaByBoot({ arrived, left }: HeartbeatDelta): BootDelta[] {
  const boots = new Map<BootId, BootDelta>();
  const of = (bootId: BootId) => {
    const known = boots.get(bootId);
    if (known) return known;
    const made = { bootId, arrived: new Set<DeviceId>(), left: new Set<DeviceId>() };
    boots.set(bootId, made);
    return made;
  };
  for (const { device, bootId } of arrived) of(bootId).arrived.add(device);
  for (const { device, bootId } of left) of(bootId).left.add(device);
  return [...boots.values()];
}
