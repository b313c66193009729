import type { DeviceId } from '@pushfleet/protocol';
import { systemClock } from '@pushfleet/runtime';
import type { RedisConnection } from './connection.ts';
import type { Keys } from './keys.ts';
import { scripts } from './scripts.ts';

/** A busy device is not marked with every command. */
const markEveryMs = 10_000;
/** Much longer than that, so that none is forgotten that somebody believes is marked. */
const keepMarkedMs = 60_000;
/** When so many are remembered as marked, all of them are marked anew. */
const rememberedDevices = 100_000;

/** Devices that may have commands which have not ended: all that have, and some that had. */
export class CommandedDevices {
  readonly #redis: RedisConnection;
  readonly #keys: readonly [string, string];
  readonly #markedAtMs = new Map<DeviceId, number>();
  #serverChanges: number;

  constructor(redis: RedisConnection, keys: Keys) {
    this.#redis = redis;
    this.#serverChanges = redis.serverChanges;
    this.#keys = [keys.commandedDevices, keys.commandedDeviceLooks];
  }

  /** Comes before they are given commands: the two are not atomic together. */
  async mark(devices: Iterable<DeviceId>): Promise<void> {
    this.#forgetAfterLoss();
    const nowMs = systemClock.now();
    const isNew = (device: DeviceId) =>
      nowMs - (this.#markedAtMs.get(device) ?? Number.NEGATIVE_INFINITY) >= markEveryMs;
    const marked = [...new Set(devices)].filter(isNew);
    if (marked.length === 0) return;
    await this.#redis.run(scripts.markCommandedDevices, this.#keys, marked);
    if (this.#markedAtMs.size + marked.length > rememberedDevices) this.#markedAtMs.clear();
    for (const device of marked) this.#markedAtMs.set(device, nowMs);
  }

  /** Devices that were marked in the last moments may be lost. */
  #forgetAfterLoss(): void {
    const { serverChanges } = this.#redis;
    if (serverChanges === this.#serverChanges) return;
    this.#serverChanges = serverChanges;
    this.#markedAtMs.clear();
  }

  /** Those that nobody has looked at for the longest time, at least `olderThanMs`. */
  async pick(olderThanMs: number, limit: number): Promise<DeviceId[]> {
    return this.#redis.run<DeviceId[]>(scripts.pickCommandedDevices, [this.#keys[1]], [olderThanMs, limit]);
  }

  /** They were seen to have no commands, which may have changed since. */
  async forget(devices: readonly DeviceId[]): Promise<void> {
    if (devices.length === 0) return;
    await this.#redis.run(scripts.forgetCommandedDevices, this.#keys, [keepMarkedMs, ...devices]);
  }
}
