import type { BootId, DeviceId } from '@pushfleet/protocol';
import { type Clock, createLimiter, systemClock } from '@pushfleet/runtime';
import type { RedisConnection } from './connection.ts';
import type { Keys } from './keys.ts';

/** How many devices Redis reads in one turn of its own. */
const readAtOnce = 1_000;
const setsAtOnce = 8;
const goodForMs = 2_000;
/** A read that takes longer goes on alone, for those who ask next. */
const waitMs = 50;
/** Those of all push servers, and of a few that somebody looks at. */
const rememberedReads = 4;

interface Reading {
  /** `undefined`: it goes on. */
  endedAtMs: number | undefined;
  devices: Promise<ReadonlySet<DeviceId>>;
}

export interface HeldDevicesOptions {
  clock?: Pick<Clock, 'now' | 'sleep'>;
}

/** Which devices are held by lives of workers, as heartbeats have told. Read as a whole, in small steps, for all who ask within two seconds. */
export class HeldDevices {
  readonly #redis: Pick<RedisConnection, 'send'>;
  readonly #keys: Pick<Keys, 'heldDevices'>;
  readonly #clock: Pick<Clock, 'now' | 'sleep'>;
  readonly #readings = new Map<string, Reading>();

  constructor(
    redis: Pick<RedisConnection, 'send'>,
    keys: Pick<Keys, 'heldDevices'>,
    { clock = systemClock }: HeldDevicesOptions = {},
  ) {
    this.#redis = redis;
    this.#keys = keys;
    this.#clock = clock;
  }

  /** `undefined`: they are still being read. */
  async by(boots: readonly BootId[]): Promise<ReadonlySet<DeviceId> | undefined> {
    const waiting = new AbortController();
    const late = this.#clock.sleep(waitMs, waiting.signal).then(() => undefined);
    try {
      return await Promise.race([this.#reading(boots), late]);
    } finally {
      waiting.abort();
    }
  }

  #reading(boots: readonly BootId[]): Promise<ReadonlySet<DeviceId>> {
    const key = boots.toSorted().join(' ');
    const nowMs = this.#clock.now();
    for (const [other, { endedAtMs }] of this.#readings) {
      if (endedAtMs !== undefined && nowMs - endedAtMs >= goodForMs) this.#readings.delete(other);
    }
    const known = this.#readings.get(key);
    if (known) return known.devices;
    const reading: Reading = { endedAtMs: undefined, devices: this.#read(boots) };
    this.#readings.set(key, reading);
    for (const other of this.#readings.keys().take(Math.max(0, this.#readings.size - rememberedReads)))
      this.#readings.delete(other);
    reading.devices.then(
      () => {
        reading.endedAtMs = this.#clock.now();
      },
      () => this.#readings.delete(key),
    );
    return reading.devices;
  }

  async #read(boots: readonly BootId[]): Promise<Set<DeviceId>> {
    const held = new Set<DeviceId>();
    const limited = createLimiter(setsAtOnce);
    await Promise.all(boots.map((boot) => limited(() => this.#readOne(boot, held))));
    return held;
  }

  async #readOne(boot: BootId, held: Set<DeviceId>): Promise<void> {
    const key = this.#keys.heldDevices(boot);
    let cursor = '0';
    do {
      const [next, devices] = await this.#redis.send((client) => client.sscan(key, cursor, 'COUNT', readAtOnce));
      for (const device of devices) held.add(device as DeviceId);
      cursor = next;
    } while (cursor !== '0');
  }
}
