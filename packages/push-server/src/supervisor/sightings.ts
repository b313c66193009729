import type { DeviceId } from '@pushfleet/protocol';
import type { NewFleetEvent, NodeSightings } from '@pushfleet/registry';
import type { Clock } from '@pushfleet/runtime';

const keptForMs = 900_000;
const mostClones = 20;

interface Sighting {
  seenAtMs: number;
  /** By the wall clock. */
  atMs: number;
  reason: string;
}

/** Remembers, for the record of the push server, what an operator should look at: for 15 minutes, and of 20 devices at most. */
export class Sightings {
  readonly #clock: Pick<Clock, 'now' | 'wallMs'>;
  /** The newest last. */
  readonly #clones = new Map<DeviceId, Sighting>();
  #registryLost: Omit<Sighting, 'reason'> | undefined;

  constructor(clock: Pick<Clock, 'now' | 'wallMs'>) {
    this.#clock = clock;
  }

  add(events: readonly NewFleetEvent[]): void {
    for (const { kind, device, atMs, reason = '' } of events) {
      if (kind !== 'device-clone-suspected' || device === undefined) continue;
      this.#clones.delete(device);
      this.#clones.set(device, { seenAtMs: this.#clock.now(), atMs, reason });
    }
    for (const device of this.#clones.keys().take(Math.max(0, this.#clones.size - mostClones))) {
      this.#clones.delete(device);
    }
  }

  registryLost(): void {
    this.#registryLost = { seenAtMs: this.#clock.now(), atMs: this.#clock.wallMs() };
  }

  /** `undefined`: nothing. */
  recent(): NodeSightings | undefined {
    const oldestMs = this.#clock.now() - keptForMs;
    for (const [device, { seenAtMs }] of this.#clones) if (seenAtMs < oldestMs) this.#clones.delete(device);
    if (this.#registryLost && this.#registryLost.seenAtMs < oldestMs) this.#registryLost = undefined;
    if (this.#clones.size === 0 && !this.#registryLost) return undefined;
    const clones = [...this.#clones].map(([device, { atMs, reason }]) => ({ device, atMs, reason }));
    return { clones, ...(this.#registryLost ? { registryLostAtMs: this.#registryLost.atMs } : {}) };
  }
}
