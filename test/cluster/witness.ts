import { setTimeout as sleep } from 'node:timers/promises';
import type { AdminClient } from '@pushfleet/admin-sdk';
import type { TestDevice } from './test-devices.ts';

const periodMs = 100;

/** Healthy clients beside hostile ones: pushes to each of these devices in turn, one each 100 ms. */
export class Witness {
  pushes = 0;
  slowestMs = 0;
  /** Errors and delays that no healthy client should see. */
  readonly complaints: string[] = [];
  readonly #admin: AdminClient;
  readonly #devices: readonly TestDevice[];
  readonly #withinMs: number;
  readonly #running: Promise<void>;
  #stopped = false;

  /** @param withinMs A push must have succeeded by then. */
  constructor(admin: AdminClient, devices: readonly TestDevice[], withinMs: number) {
    this.#admin = admin;
    this.#devices = devices;
    this.#withinMs = withinMs;
    for (const { id, device } of devices) {
      device.onStatus((status) => {
        if (!this.#stopped) this.complaints.push(`${id} lost its link: ${JSON.stringify(status)}`);
      });
    }
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    const inFlight = new Set<Promise<void>>();
    for (let turn = 0; !this.#stopped; turn += 1) {
      const pushing = this.#push(this.#devices[turn % this.#devices.length] as TestDevice);
      inFlight.add(pushing);
      void pushing.finally(() => inFlight.delete(pushing));
      await sleep(periodMs);
    }
    await Promise.all(inFlight);
  }

  async #push({ id }: TestDevice): Promise<void> {
    this.pushes += 1;
    const begin = performance.now();
    try {
      const { status } = await this.#admin.commands.push({ deviceId: id, operation: { forceSync: {} } });
      const tookMs = performance.now() - begin;
      this.slowestMs = Math.max(this.slowestMs, tookMs);
      if (status?.outcome !== 'OUTCOME_SUCCEEDED') this.complaints.push(`${id}: ${status?.outcome} ${status?.reason}`);
      else if (tookMs > this.#withinMs) this.complaints.push(`${id}: a push took ${Math.round(tookMs)} ms`);
    } catch (error) {
      this.complaints.push(`${id}: a push failed: ${error}`);
    }
  }
}
