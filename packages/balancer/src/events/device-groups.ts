import type { DeviceId, GroupPath } from '@pushfleet/protocol';
import type { Fleet } from '@pushfleet/registry';
import type { Clock } from '@pushfleet/runtime';
import { LRUCache } from 'lru-cache';

const knownForMs = 1_000;
const maxKnown = 10_000;

/** Knows the groups that devices are in: what the registry said less than a second ago holds. */
export class DeviceGroups {
  readonly #fleet: Pick<Fleet, 'getDevices'>;
  readonly #known: LRUCache<DeviceId, { group: GroupPath | undefined }>;

  constructor(fleet: Pick<Fleet, 'getDevices'>, clock: Clock) {
    this.#fleet = fleet;
    this.#known = new LRUCache({ max: maxKnown, ttl: knownForMs, ttlResolution: 0, perf: clock });
  }

  /** The groups of those devices that exist. One read of the registry at most. @throws PushfleetError REGISTRY_UNAVAILABLE */
  async of(devices: ReadonlySet<DeviceId>): Promise<Map<DeviceId, GroupPath>> {
    const groups = new Map<DeviceId, GroupPath>();
    const unknown: DeviceId[] = [];
    for (const device of devices) {
      const known = this.#known.get(device);
      if (known?.group !== undefined) groups.set(device, known.group);
      else if (!known) unknown.push(device);
    }
    if (unknown.length === 0) return groups;
    const found = await this.#fleet.getDevices(unknown);
    for (const device of unknown) {
      const group = found.get(device)?.group;
      this.#known.set(device, { group });
      if (group !== undefined) groups.set(device, group);
    }
    return groups;
  }
}
