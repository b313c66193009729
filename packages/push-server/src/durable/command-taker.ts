import { type DeviceId, type Epoch, limits } from '@pushfleet/protocol';
import type { Commands, TakenCommand } from '@pushfleet/registry';
import type { Logger } from '@pushfleet/runtime';

export interface CommandTakerOptions {
  commands: Pick<Commands, 'take'>;
  logger: Logger;
  /** The epoch of the session that this worker holds for the device; 0: none. */
  epochOf(device: DeviceId): number;
  /** The session may have ended since it was asked for them. */
  onTaken(device: DeviceId, epoch: Epoch, taken: TakenCommand): void;
}

/** Devices for which the registry is asked at the same time; the others wait their turn. */
const concurrency = 64;
const takenAtOnce = 64;

/**
 * Takes from the registry what is to be sent to devices, whenever something is said to be there. Devices come in storms:
 * so many at a time, and each once however often it is asked for. What fails is tried again at the next tick.
 */
export class CommandTaker {
  readonly #options: CommandTakerOptions;
  readonly #wanted = new Set<DeviceId>();
  readonly #taking = new Set<DeviceId>();
  /** Not before the next tick. */
  readonly #later = new Set<DeviceId>();
  #isFailing = false;

  constructor(options: CommandTakerOptions) {
    this.#options = options;
  }

  want(device: DeviceId): void {
    this.#wanted.add(device);
    this.#start();
  }

  /** Its queue is full just now. */
  wantLater(device: DeviceId): void {
    this.#later.add(device);
  }

  /** Called about once a second. */
  tick(): void {
    for (const device of this.#later) this.#wanted.add(device);
    this.#later.clear();
    this.#isFailing = false;
    this.#start();
  }

  #start(): void {
    for (const device of this.#wanted) {
      if (this.#isFailing || this.#taking.size >= concurrency) return;
      // What has come since it was asked for must be asked for again.
      if (this.#taking.has(device)) continue;
      this.#wanted.delete(device);
      void this.#take(device);
    }
  }

  async #take(device: DeviceId): Promise<void> {
    this.#taking.add(device);
    try {
      if (await this.#takeSome(device)) this.#wanted.add(device);
    } catch (error) {
      if (!this.#isFailing) this.#options.logger.warn({ device, err: error }, 'commands not taken; tried again');
      this.#isFailing = true;
      this.#wanted.add(device);
    } finally {
      this.#taking.delete(device);
      this.#start();
    }
  }

  /** True where there are more. */
  async #takeSome(device: DeviceId): Promise<boolean> {
    const { commands, epochOf, onTaken } = this.#options;
    const epoch = epochOf(device) as Epoch;
    if (epoch === 0) return false;
    const { commands: taken, more } = await commands.take(device, epoch, limits.durableWindow, takenAtOnce);
    for (const command of taken) onTaken(device, epoch, command);
    return more && taken.length > 0;
  }
}
