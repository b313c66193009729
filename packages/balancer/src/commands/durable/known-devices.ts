import { type DeviceId, PushfleetError } from '@pushfleet/protocol';
import type { Fleet } from '@pushfleet/registry';
import type { Clock } from '@pushfleet/runtime';
import { BatchRunner } from '../batch-runner.ts';
import { overloaded } from '../refusal.ts';

const knownForMs = 60_000;
const maxKnown = 100_000;

interface Question {
  device: DeviceId;
  onAnswer(error: unknown): void;
}

/** Whether devices exist: what the registry said less than a minute ago holds. */
export class KnownDevices {
  readonly #fleet: Pick<Fleet, 'getDevices'>;
  readonly #clock: Clock;
  /** Until when; those that were asked for first come first. */
  readonly #untilMs = new Map<DeviceId, number>();
  readonly #questions: BatchRunner<Question>;

  constructor(fleet: Pick<Fleet, 'getDevices'>, clock: Clock, capacity: number) {
    this.#fleet = fleet;
    this.#clock = clock;
    const run = (batch: Question[]) => this.#ask(batch);
    this.#questions = new BatchRunner({ capacity, batchItems: 500, concurrency: 4, run });
  }

  /** `false`: it must be asked. */
  has(device: DeviceId): boolean {
    const untilMs = this.#untilMs.get(device);
    return untilMs !== undefined && this.#clock.now() < untilMs;
  }

  /** @param onAnswer Of `undefined`: the device exists. Otherwise DEVICE_NOT_FOUND, REGISTRY_UNAVAILABLE, OVERLOADED. */
  ask(device: DeviceId, onAnswer: (error: unknown) => void): void {
    if (!this.#questions.add({ device, onAnswer })) onAnswer(overloaded('too many devices are being looked up'));
  }

  async #ask(batch: Question[]): Promise<void> {
    try {
      const found = await this.#fleet.getDevices([...new Set(batch.map(({ device }) => device))]);
      for (const { device, onAnswer } of batch) {
        if (found.has(device)) this.#remember(device);
        onAnswer(found.has(device) ? undefined : deviceNotFound(device));
      }
    } catch (error) {
      for (const { onAnswer } of batch) onAnswer(error);
    }
  }

  #remember(device: DeviceId): void {
    this.#untilMs.delete(device);
    this.#untilMs.set(device, this.#clock.now() + knownForMs);
    if (this.#untilMs.size <= maxKnown) return;
    const [oldest] = this.#untilMs.keys();
    if (oldest !== undefined) this.#untilMs.delete(oldest);
  }
}

export function deviceNotFound(device: DeviceId): PushfleetError {
  return new PushfleetError('DEVICE_NOT_FOUND', `there is no device "${device}"`, { field: 'device_id' });
}
