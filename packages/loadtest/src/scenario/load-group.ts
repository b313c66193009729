import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type AdminClient, PushfleetError } from '@pushfleet/admin-sdk';
import { createLimiter } from '@pushfleet/runtime';

/** Calls at the same time. */
const concurrency = 32;

export interface LoadGroupOptions {
  admin: AdminClient;
  /** Group below which the devices get one of their own. */
  parent: string;
  devices: number;
  /** The last ones of the devices, which get a group of their own below another parent; absent: none. */
  others?: { parent: string; devices: number } | undefined;
}

/** The group and the devices of one run: made through the admin API, and removed after it. */
export class LoadGroup {
  readonly path: string;
  readonly idPrefix: string;
  readonly secret = randomBytes(24).toString('base64url');
  readonly #admin: AdminClient;
  readonly #devices: number;
  /** The group of each device from this number on. */
  readonly #others: { path: string; from: number } | undefined;

  private constructor({ admin, parent, devices, others }: LoadGroupOptions) {
    const name = `load-${randomBytes(3).toString('hex')}`;
    this.path = `${parent}/${name}`;
    this.idPrefix = name;
    this.#admin = admin;
    this.#devices = devices;
    this.#others = others && { path: `${others.parent}/${name}`, from: devices - others.devices };
  }

  /** Makes the group and its devices. Nothing of it stays where that fails or is stopped. */
  static async create(options: LoadGroupOptions, signal: AbortSignal): Promise<LoadGroup> {
    const { admin, devices } = options;
    const group = new LoadGroup(options);
    try {
      for (const path of group.#paths) await admin.groups.put(path, { signal });
      const { imported, errors } = await group.#import(signal);
      if (imported !== devices) throw new Error(`the devices were not imported: ${errors[0]?.message ?? imported}`);
    } catch (error) {
      // Why it failed is what counts; what cannot be removed either has most likely never been made.
      await group.remove().catch(() => {});
      throw error;
    }
    return group;
  }

  deviceId(index: number): string {
    return `${this.idPrefix}-${index}`;
  }

  /** Removes the devices that are there, then the group. @throws PushfleetError */
  async remove(): Promise<void> {
    const limit = createLimiter(concurrency);
    const ids: string[] = [];
    for (const group of this.#paths) {
      for await (const { deviceId } of this.#admin.devices.list({ group })) ids.push(deviceId);
    }
    await Promise.all(ids.map((id) => limit(() => this.#admin.devices.delete(id))));
    for (const path of this.#paths) await this.#admin.groups.delete(path);
  }

  get #paths(): string[] {
    return [this.path, ...(this.#others ? [this.#others.path] : [])];
  }

  /** A balancer takes a few imports at a time: others', and those of other runs, come first. */
  async #import(signal: AbortSignal): ReturnType<AdminClient['devices']['import']> {
    for (;;) {
      try {
        return await this.#admin.devices.import(this.#rows(), { signal });
      } catch (error) {
        if (!(error instanceof PushfleetError) || error.code !== 'OVERLOADED') throw error;
        await delay(error.retryAfterMs ?? 1_000, undefined, { signal });
      }
    }
  }

  *#rows() {
    for (let index = 0; index < this.#devices; index += 1) {
      const { path } = this.#others && index >= this.#others.from ? this.#others : this;
      yield { deviceId: this.deviceId(index), group: path, secret: this.secret };
    }
  }
}
