import type { CloseReason, DeviceId } from '@pushfleet/protocol';
import type { Clock } from '@pushfleet/runtime';
import type { Elsewhere } from '../session/session.ts';
import type { Ticket } from '../tickets/ticket.ts';

/** Where a device is to go; `undefined`: it must ask a balancer; `stay`: it is not told to go. */
export type Destination = Elsewhere | undefined | 'stay';
export type FindDestination = (ticket: Ticket) => Promise<Destination>;

/** The links that devices leave. */
export interface DepartedLinks {
  /** `false`: the device has no live link here, or stays. */
  handOver(device: DeviceId, reason: CloseReason, find: FindDestination): Promise<boolean>;
}

export interface Departure {
  /** Who is to leave, of those that are here now. */
  candidates(): Iterable<DeviceId>;
  find: FindDestination;
  ratePerSecond: number;
  /** No more than so many. */
  atMost?: number;
  onTold?(told: number): void;
}

const stepMs = 100;
/** Devices that are being told at the same time; a registry that answers slowly makes it slower, not more of them. */
const concurrency = 64;

/** Tells devices to leave, at a pace. A device that one departure is telling is left alone by the others. */
export class Departures {
  readonly #links: DepartedLinks;
  readonly #clock: Clock;
  readonly #leaving = new Set<DeviceId>();
  #told = 0;

  constructor(links: DepartedLinks, clock: Clock) {
    this.#links = links;
    this.#clock = clock;
  }

  /** How many were told since this was last asked. */
  takeTold(): number {
    const told = this.#told;
    this.#told = 0;
    return told;
  }

  /** Resolves with how many were told, once nobody is left to tell or `stop` has fired. */
  async run(departure: Departure, stop: AbortSignal): Promise<number> {
    const { ratePerSecond, candidates, onTold, atMost = Number.POSITIVE_INFINITY } = departure;
    const underWay = new Set<Promise<void>>();
    let queue: DeviceId[] = [];
    let allowance = 0;
    let told = 0;
    while (!stop.aborted) {
      if (queue.length === 0) queue = [...candidates()].reverse();
      if (told + underWay.size >= atMost) queue = [];
      if (queue.length === 0 && underWay.size === 0) break;
      allowance = Math.min(allowance + (ratePerSecond * stepMs) / 1_000, Math.max(1, ratePerSecond));
      while (allowance >= 1 && underWay.size < concurrency && told + underWay.size < atMost) {
        const device = queue.pop();
        if (device === undefined) break;
        allowance -= 1;
        const telling = this.#tell(device, departure.find).then((left) => {
          if (left) told += 1;
          underWay.delete(telling);
        });
        underWay.add(telling);
      }
      await this.#pause();
      onTold?.(told);
    }
    await Promise.all(underWay);
    return told;
  }

  async #tell(device: DeviceId, find: FindDestination): Promise<boolean> {
    if (this.#leaving.has(device)) return false;
    this.#leaving.add(device);
    try {
      const left = await this.#links.handOver(device, 'useAnotherServer', find);
      if (left) this.#told += 1;
      return left;
    } finally {
      this.#leaving.delete(device);
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.after(stepMs, resolve);
    });
  }
}
