import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type AdminClient, PushfleetError } from '@pushfleet/admin-sdk';
import { createLimiter } from '@pushfleet/runtime';

/** Calls at the same time. */
const concurrency = 32;

/** The group and the devices of one run: made through the admin API, and removed after it. */
export class LoadGroup {
  readonly path: string;
  readonly idPrefix: string;
  readonly secret = randomBytes(24).toString('base64url');
  readonly #admin: AdminClient;
  readonly #devices: number;

  private constructor(admin: AdminClient, parent: string, devices: number) {
    const name = `load-${randomBytes(3).toString('hex')}`;
    this.path = `${parent}/${name}`;
    this.idPrefix = name;
    this.#admin = admin;
    this.#devices = devices;
  }

  /** Makes the group and its devices. Nothing of it stays where that fails or is stopped. */
  static async create(admin: AdminClient, parent: string, devices: number, signal: AbortSignal): Promise<LoadGroup> {
    const group = new LoadGroup(admin, parent, devices);
    try {
      await admin.groups.put(group.path, { signal });
      const { imported, errors } = await group.#import(signal);
      if (imported !== devices) throw new Error(`the devices were not imported: ${errors[0]?.message ?? imported}`);
    } catch (error) {
      await group.remove();
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
    for await (const { deviceId } of this.#admin.devices.list({ group: this.path })) ids.push(deviceId);
    await Promise.all(ids.map((id) => limit(() => this.#admin.devices.delete(id))));
    await this.#admin.groups.delete(this.path);
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
      yield { deviceId: this.deviceId(index), group: this.path, secret: this.secret };
    }
  }
}
