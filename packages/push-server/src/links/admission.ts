import type { DeviceId, NodeId } from '@pushfleet/protocol';
import type { Sessions } from '@pushfleet/registry';
import { meter, metrics } from '@pushfleet/runtime';
import { LRUCache } from 'lru-cache';
import type { ClusterInput } from '../session/on-cluster.ts';
import type { RedirectTarget, Ticket } from '../session/session.ts';
import type { TicketVerdict } from '../tickets/verifier.ts';
import type { LinkEntry } from './link.ts';

/** Links without commands that one device may have. A further one closes the oldest of them. */
const maxUnattached = 4;

/**
 * Links beyond the capacity, for devices that come from another worker of the push server: by chance more may come than leave.
 * They use what a worker's file limit leaves.
 */
const takenOverBeyondCapacity = 64;

/** Devices whose void generations are remembered; the one that was added first is forgotten first. */
const maxVoidGenerations = 50_000;

export interface AdmissionOptions {
  /** Number of links of known devices that there may be. */
  capacity: number;
  live: ReadonlyMap<DeviceId, LinkEntry>;
  sessions: Pick<Sessions, 'find'>;
  /** @param remote Address and port of the client. */
  verifyTicket(token: string, remote: string): Promise<TicketVerdict>;
  /** Reserves a place on another push server, for a device that finds no room here. */
  findRedirectTarget(ticket: Ticket): Promise<RedirectTarget | undefined>;
  /** The push server of this worker. */
  nodeId(): NodeId;
  /** Closes a link without commands, to make room for another one of its device. */
  close(entry: LinkEntry): void;
}

/** Decides whether a worker takes a link: by its ticket, and by the room that there is. */
export class Admission {
  capacity: number;
  readonly unattached = new UnattachedLinks();
  readonly #options: AdmissionOptions;
  readonly #void = new VoidGenerations();

  constructor(options: AdmissionOptions) {
    this.capacity = options.capacity;
    this.#options = options;
  }

  /**
   * Verifies the ticket, and gives the answer to the link's session. `answer` is called in the same turn of the event loop in
   * which the room is checked, so that no two links get one place.
   */
  async admit(token: string, remote: string, answer: (input: ClusterInput) => void): Promise<void> {
    const { verifyTicket, findRedirectTarget } = this.#options;
    const verdict = await verifyTicket(token, remote);
    if (verdict.kind === 'bad') {
      // What is not looked at is counted apart.
      if (verdict.reason !== 'tooManyAttempts') meter.count(metrics.failedSignIns, 'ticket');
      return answer({ kind: 'ticket-bad', reason: verdict.reason });
    }
    const { ticket } = verdict;
    if (this.#void.has(ticket)) {
      meter.count(metrics.failedSignIns, 'ticket');
      return answer({ kind: 'ticket-bad', reason: 'ticketVoid' });
    }
    if (this.#hasPlace(ticket.device) || (await this.#ownsPlace(ticket.device))) {
      return answer({ kind: 'ticket-good', ticket });
    }
    const target = await findRedirectTarget(ticket);
    answer(target ? { kind: 'close', reason: 'noCapacity', target } : { kind: 'close', reason: 'noCapacity' });
  }

  /** Refuses the device's tickets of earlier generations from now on. */
  voidTickets(device: DeviceId, generation: number): void {
    this.#void.add(device, generation);
  }

  /**
   * True where the device has a place. When none is left it may use its own: that of its live link, and of its oldest other
   * link.
   */
  #hasPlace(device: DeviceId): boolean {
    const { live, close } = this.#options;
    const { unattached } = this;
    const isFull = this.#links >= this.capacity;
    const oldest = isFull || unattached.count(device) >= maxUnattached ? unattached.oldest(device) : undefined;
    if (oldest) close(oldest);
    return !isFull || oldest !== undefined || live.has(device);
  }

  /** The device is live on another worker of this push server, and takes that place over: together they hold no more links. */
  async #ownsPlace(device: DeviceId): Promise<boolean> {
    if (this.#links >= this.capacity + takenOverBeyondCapacity) return false;
    const session = await this.#options.sessions.find(device).catch(() => undefined);
    return session?.nodeId === this.#options.nodeId();
  }

  get #links(): number {
    return this.#options.live.size + this.unattached.size;
  }
}

/**
 * Links whose devices are known and take no commands: those that only report results, and those that are about to attach
 * or have detached. Each device may have a few of them: such a link costs as much as a live one.
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

/**
 * The tickets that are known to be void. The registry refuses a void ticket when a session is opened; a link that only reports
 * results opens none.
 */
class VoidGenerations {
  readonly #validFrom = new LRUCache<DeviceId, number>({ max: maxVoidGenerations });

  /** Tickets of generations before this one are void. */
  add(device: DeviceId, generation: number): void {
    this.#validFrom.set(device, Math.max(generation, this.#validFrom.peek(device) ?? 0));
  }

  has({ device, generation }: Ticket): boolean {
    return generation < (this.#validFrom.peek(device) ?? 0);
  }
}
