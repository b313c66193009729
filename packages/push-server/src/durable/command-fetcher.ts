import { type DeviceId, type Epoch, limits } from '@pushfleet/protocol';
import type { Commands, TakenCommand } from '@pushfleet/registry';
import type { Logger } from '@pushfleet/runtime';

export interface CommandFetcherOptions {
  commands: Pick<Commands, 'take'>;
  logger: Logger;
  /** The epoch of the session that this worker holds for the device; 0: none. */
  epochOf(device: DeviceId): number;
  /** Called for each command. The session may have ended since they were asked for. */
  onTaken(device: DeviceId, epoch: Epoch, taken: TakenCommand): void;
}

/** Devices whose queues are read at the same time; the others wait their turn. */
const concurrency = 64;
const takenAtOnce = 64;

/**
 * Fetches the commands of devices from their queues in the registry. Devices come in storms: a bounded number is served at a time,
 * and each once, however often it is asked for. A fetch that fails is tried again at the next tick.
 */
export class CommandFetcher {
  readonly #options: CommandFetcherOptions;
  readonly #wanted = new Set<DeviceId>();
  readonly #taking = new Set<DeviceId>();
  /** Devices that are served at the next tick. */
  readonly #later = new Set<DeviceId>();
  #isFailing = false;

  constructor(options: CommandFetcherOptions) {
    this.#options = options;
  }

  fetch(device: DeviceId): void {
    this.#wanted.add(device);
    this.#start();
  }

  /** Fetches at the next tick, because the link has no room now. */
  fetchLater(device: DeviceId): void {
    this.#later.add(device);
  }

  /** To be called about once a second. */
  tick(): void {
    for (const device of this.#later) this.#wanted.add(device);
    this.#later.clear();
    this.#isFailing = false;
    this.#start();
  }

  #start(): void {
    for (const device of this.#wanted) {
      if (this.#isFailing || this.#taking.size >= concurrency) return;
      // Commands may have come since the registry was asked: it is asked again.
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
      if (!this.#isFailing)
        this.#options.logger.warn({ deviceId: device, err: error }, 'commands not fetched; tried again');
      this.#isFailing = true;
      this.#wanted.add(device);
    } finally {
      this.#taking.delete(device);
      this.#start();
    }
  }

  /** `true`: there are more. */
  async #takeSome(device: DeviceId): Promise<boolean> {
    const { commands, epochOf, onTaken } = this.#options;
    const epoch = epochOf(device) as Epoch;
    if (epoch === 0) return false;
    const { commands: taken, more } = await commands.take(device, epoch, limits.durableWindow, takenAtOnce);
    for (const command of taken) onTaken(device, epoch, command);
    return more && taken.length > 0;
  }
}
