import type { HeartbeatDelta, HeldDevice, NewFleetEvent } from '@pushfleet/registry';

/** More events than this do not wait for the registry: the oldest are dropped. */
const maxEvents = 20_000;

/**
 * What a heartbeat has to tell, gathered. Of a device that comes and goes on one worker only the end counts: it is in
 * `left` if it is gone, and in both lists if it also came.
 */
export class SessionNews {
  readonly #arrived = new Map<string, HeldDevice>();
  readonly #left = new Map<string, HeldDevice>();
  #events: NewFleetEvent[] = [];
  #dropped = 0;

  arrive(resident: HeldDevice): void {
    this.#left.delete(keyOf(resident));
    this.#arrived.set(keyOf(resident), resident);
  }

  leave(resident: HeldDevice): void {
    this.#left.set(keyOf(resident), resident);
  }

  tell(event: NewFleetEvent): void {
    this.#events.push(event);
    // Dropping one at a time would move all the others each time.
    if (this.#events.length >= 2 * maxEvents) this.#dropOldest();
  }

  /** What came after everything that was gathered so far. */
  add({ arrived, left, events }: HeartbeatDelta): void {
    for (const resident of arrived) this.arrive(resident);
    for (const resident of left) this.leave(resident);
    for (const event of events) this.tell(event);
  }

  /** All that was gathered since this was last asked. */
  take(): HeartbeatDelta {
    this.#dropOldest();
    const news = { arrived: [...this.#arrived.values()], left: [...this.#left.values()], events: this.#events };
    this.#arrived.clear();
    this.#left.clear();
    this.#events = [];
    return news;
  }

  /** How many events were dropped since this was last asked. */
  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }

  #dropOldest(): void {
    const excess = this.#events.length - maxEvents;
    if (excess <= 0) return;
    this.#events.splice(0, excess);
    this.#dropped += excess;
  }
}

function keyOf({ device, bootId }: HeldDevice): string {
  return `${bootId} ${device}`;
}
