import type { DeviceId } from '@pushfleet/protocol';
import { systemClock } from '@pushfleet/runtime';
import type { RedisConnection } from './connection.ts';
import type { Keys } from './keys.ts';
import { scripts } from './scripts.ts';

/** A busy device is not noted with every command. */
const noteEveryMs = 10_000;
/** Much longer than that, so that none is forgotten that somebody believes is noted. */
const keepNotedMs = 60_000;
/** When so many are remembered as noted, all of them are noted anew. */
const rememberedDevices = 100_000;

/** Devices that may have commands which have not ended: all that have, and some that had. */
export class CommandedDevices {
  readonly #redis: RedisConnection;
  readonly #keys: readonly [string, string];
  readonly #notedAtMs = new Map<DeviceId, number>();
  #serverChanges: number;

  constructor(redis: RedisConnection, keys: Keys) {
    this.#redis = redis;
    this.#serverChanges = redis.serverChanges;
    this.#keys = [keys.commandedDevices, keys.commandedDeviceLooks];
  }

  /** Comes before they are given commands: the two are not atomic together. */
  async note(devices: Iterable<DeviceId>): Promise<void> {
    this.#forgetAfterLoss();
    const nowMs = systemClock.now();
    const isNew = (device: DeviceId) =>
      nowMs - (this.#notedAtMs.get(device) ?? Number.NEGATIVE_INFINITY) >= noteEveryMs;
    const noted = [...new Set(devices)].filter(isNew);
    if (noted.length === 0) return;
    await this.#redis.run(scripts.noteDevices, this.#keys, noted);
    if (this.#notedAtMs.size + noted.length > rememberedDevices) this.#notedAtMs.clear();
    for (const device of noted) this.#notedAtMs.set(device, nowMs);
  }

  /** What was noted in the last moments may be lost. */
  #forgetAfterLoss(): void {
    const { serverChanges } = this.#redis;
    if (serverChanges === this.#serverChanges) return;
    this.#serverChanges = serverChanges;
    this.#notedAtMs.clear();
  }

  /** Those that nobody has looked at for the longest time, at least `olderThanMs`. */
  async pick(olderThanMs: number, limit: number): Promise<DeviceId[]> {
    return this.#redis.run<DeviceId[]>(scripts.lookAtDevices, [this.#keys[1]], [olderThanMs, limit]);
  }

  /** They were seen to have no commands, which may have changed since. */
  async forget(devices: readonly DeviceId[]): Promise<void> {
    if (devices.length === 0) return;
    await this.#redis.run(scripts.forgetDevices, this.#keys, [keepNotedMs, ...devices]);
  }
}
