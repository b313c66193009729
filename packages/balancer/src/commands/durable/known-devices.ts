import type { DeviceId } from '@pushfleet/protocol';
import type { Fleet } from '@pushfleet/registry';
import { type Clock, concurrentBatches, type TurnBatch } from '@pushfleet/runtime';
import { LRUCache } from 'lru-cache';
import { deviceNotFound, overloaded } from '../../errors.ts';

const knownForMs = 60_000;
const maxKnown = 100_000;

interface Question {
  device: DeviceId;
  onAnswer(error: unknown): void;
}

/** Knows which devices exist: what the registry said less than a minute ago holds. */
export class KnownDevices {
  readonly #fleet: Pick<Fleet, 'getDevices'>;
  readonly #known: LRUCache<DeviceId, true>;
  readonly #questions: TurnBatch<Question>;

  constructor(fleet: Pick<Fleet, 'getDevices'>, clock: Clock, capacity: number) {
    this.#fleet = fleet;
    this.#known = new LRUCache({ max: maxKnown, ttl: knownForMs, ttlResolution: 0, perf: clock });
    const run = (batch: Question[]) => this.#ask(batch);
    this.#questions = concurrentBatches({ capacity, batchItems: 500, concurrency: 4, run });
  }

  /** `false`: it must be asked. */
  has(device: DeviceId): boolean {
    return this.#known.has(device);
  }

  /** @param onAnswer Called with `undefined` where the device exists, else with DEVICE_NOT_FOUND, REGISTRY_UNAVAILABLE or OVERLOADED. */
  ask(device: DeviceId, onAnswer: (error: unknown) => void): void {
    if (!this.#questions.add({ device, onAnswer })) onAnswer(overloaded('too many devices are being looked up'));
  }

  async #ask(batch: Question[]): Promise<void> {
    try {
      const found = await this.#fleet.getDevices([...new Set(batch.map(({ device }) => device))]);
      for (const { device, onAnswer } of batch) {
        if (found.has(device)) this.#known.set(device, true);
        onAnswer(found.has(device) ? undefined : deviceNotFound(device));
      }
    } catch (error) {
      for (const { onAnswer } of batch) onAnswer(error);
    }
  }
}
