import type { DeviceId } from '@pushfleet/protocol';
import type { LinkEntry } from './link-entry.ts';

/**
 * Links whose devices are known and take no commands: those that only report results, and those that are about to attach
 * or have detached. Few of each device: such a link costs as much as a live one.
 */
export class UnattachedLinks {
  readonly #byDevice = new Map<DeviceId, Set<LinkEntry>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** To be called after each input of the link's session. */
  update(entry: LinkEntry): void {
    const { state } = entry.session;
    const device = state.kind === 'known' || state.kind === 'opening' ? state.ticket.device : undefined;
    if (device === entry.unattached) return;
    if (entry.unattached !== undefined) this.#remove(entry, entry.unattached);
    entry.unattached = device;
    if (device !== undefined) this.#add(entry, device);
  }

  count(device: DeviceId): number {
    return this.#byDevice.get(device)?.size ?? 0;
  }

  oldest(device: DeviceId): LinkEntry | undefined {
    return this.#byDevice.get(device)?.values().next().value;
  }

  of(device: DeviceId): LinkEntry[] {
    return [...(this.#byDevice.get(device) ?? [])];
  }

  #add(entry: LinkEntry, device: DeviceId): void {
    const links = this.#byDevice.get(device);
    if (links) links.add(entry);
    else this.#byDevice.set(device, new Set([entry]));
    this.#size += 1;
  }

  #remove(entry: LinkEntry, device: DeviceId): void {
    const links = this.#byDevice.get(device);
    if (!links?.delete(entry)) return;
    this.#size -= 1;
    if (links.size === 0) this.#byDevice.delete(device);
  }
}
