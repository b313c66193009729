import type { DeviceId } from '@pushfleet/protocol';
import type { DeviceQuery, Fleet, GroupPushRequest } from '@pushfleet/registry';

const pageSize = 1_000;

/** The devices of a group push, in the order of their ids; the next page is read while the one before is worked off. */
export class Roll {
  readonly #fleet: Pick<Fleet, 'listDevices'>;
  readonly #query: Omit<DeviceQuery, 'after' | 'limit'>;
  #after: DeviceId | undefined;
  #devices: DeviceId[] = [];
  #reading: Promise<void> | undefined;
  #complete = false;

  /** @param after Devices up to this one are left out. */
  constructor(fleet: Pick<Fleet, 'listDevices'>, request: GroupPushRequest, after: DeviceId | undefined) {
    const { group, includeSubgroups, labels } = request;
    this.#fleet = fleet;
    this.#query = { ...(group === undefined ? {} : { group }), includeSubgroups, labels };
    this.#after = after;
  }

  /** How many have been read and not been taken. */
  get waiting(): number {
    return this.#devices.length;
  }

  /** All have been read. */
  get isComplete(): boolean {
    return this.#complete;
  }

  /** All have been read and taken. */
  get isEmpty(): boolean {
    return this.#complete && this.#devices.length === 0;
  }

  take(count: number): DeviceId[] {
    return this.#devices.splice(0, count);
  }

  /**
   * Reads on, unless a page waits already or is being read. `undefined`: there is nothing to read now.
   * @throws PushfleetError REGISTRY_UNAVAILABLE: the next call tries again.
   */
  readOn(): Promise<void> | undefined {
    if (this.#reading || this.#complete || this.#devices.length >= pageSize) return undefined;
    this.#reading = this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** How many there are that have not been read. @throws PushfleetError REGISTRY_UNAVAILABLE */
  async count(): Promise<number> {
    let total = 0;
    for (let after = this.#after; ; ) {
      const page = await this.#page(after);
      total += page.length;
      after = page.at(-1);
      if (page.length < pageSize) return total;
    }
  }

  async #read(): Promise<void> {
    const page = await this.#page(this.#after);
    this.#devices.push(...page);
    this.#after = page.at(-1) ?? this.#after;
    this.#complete = page.length < pageSize;
  }

  async #page(after: DeviceId | undefined): Promise<DeviceId[]> {
    const query = { ...this.#query, ...(after === undefined ? {} : { after }), limit: pageSize };
    return (await this.#fleet.listDevices(query)).map(({ id }) => id);
  }
}
