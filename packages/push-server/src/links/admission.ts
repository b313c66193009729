import type { DeviceId, NodeId } from '@pushfleet/protocol';
import type { Sessions } from '@pushfleet/registry';
import type { LinkEntry } from './link-entry.ts';
import type { UnattachedLinks } from './unattached-links.ts';

/** How many links one device may have that take no commands. A further one closes the oldest of them. */
const maxUnattached = 4;

/** By chance, more devices may take places over from other workers than leave; out of what a worker's file limit leaves. */
const takenOverBeyondCapacity = 64;

export interface AdmissionOptions {
  live: ReadonlyMap<DeviceId, LinkEntry>;
  unattached: UnattachedLinks;
  sessions: Pick<Sessions, 'find'>;
  /** The push server of this worker. */
  nodeId(): NodeId;
  /** Closes a link that takes no commands, to make room for another one of its device. */
  close(entry: LinkEntry): void;
}

/** Whether a worker has room for one more link of a device that it knows by its ticket. */
export class Admission {
  /** How many known devices' links there may be. */
  capacity: number;
  readonly #options: AdmissionOptions;

  constructor(capacity: number, options: AdmissionOptions) {
    this.capacity = capacity;
    this.#options = options;
  }

  /**
   * To be asked in the turn of the event loop in which the link is counted, so that no two links get one place. Where there
   * is none left, a device may still use those that it has: its live one, and its oldest other.
   */
  hasPlace(device: DeviceId): boolean {
    const { live, unattached, close } = this.#options;
    const isFull = this.#links >= this.capacity;
    const oldest = isFull || unattached.count(device) >= maxUnattached ? unattached.oldest(device) : undefined;
    if (oldest) close(oldest);
    return !isFull || oldest !== undefined || live.has(device);
  }

  /** The device is live on another worker of this push server, and takes that place over: together they hold no more links. */
  async ownsPlace(device: DeviceId): Promise<boolean> {
    if (this.#links >= this.capacity + takenOverBeyondCapacity) return false;
    const session = await this.#options.sessions.find(device).catch(() => undefined);
    return session?.nodeId === this.#options.nodeId();
  }

  get #links(): number {
    return this.#options.live.size + this.#options.unattached.size;
  }
}
