import type { DeviceId, Epoch } from '@pushfleet/protocol';
import type { AssertVerdict, Credentials, Sessions, WorkerRef } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';

export interface SessionAsserterOptions {
  sessions: Sessions;
  clock: Clock;
  logger: Logger;
  /** The worker as it is now. */
  self(): WorkerRef;
  /** The session that the worker holds for a device. */
  find(device: DeviceId): { epoch: Epoch; by: Credentials } | undefined;
  onAsserted(device: DeviceId): void;
  /** The session is no longer this worker's: the link is to be closed, for good only where a newer one is known. */
  onLost(device: DeviceId, epoch: Epoch, verdict: Exclude<AssertVerdict, 'ok'>): void;
}

const concurrency = 64;
const stepMs = 25;
/** 2,000 per second. */
const perStep = 50;
const retryAfterMs = 1_000;

/**
 * Says of many sessions that they are held here, after the registry has lost them: at a pace, because every worker of
 * the cluster does so at the same time. What fails is tried again until the registry answers, or the session has ended.
 */
export class SessionAsserter {
  readonly #options: SessionAsserterOptions;
  readonly #pending = new Set<DeviceId>();
  #underWay = 0;
  #isFailing = false;
  #running: Promise<void> | undefined;

  constructor(options: SessionAsserterOptions) {
    this.#options = options;
  }

  /** Resolves once nothing is left to assert. */
  assert(devices: Iterable<DeviceId>): Promise<void> {
    for (const device of devices) this.#pending.add(device);
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #run(): Promise<void> {
    while (this.#pending.size > 0 || this.#underWay > 0) {
      this.#isFailing = false;
      this.#step();
      await this.#pause(stepMs);
      if (this.#isFailing) await this.#pause(retryAfterMs);
    }
  }

  #step(): void {
    let allowance = Math.min(perStep, this.#pending.size);
    for (const device of this.#pending) {
      if (allowance === 0 || this.#underWay >= concurrency) return;
      allowance -= 1;
      this.#pending.delete(device);
      void this.#assertOne(device);
    }
  }

  async #assertOne(device: DeviceId): Promise<void> {
    const { sessions, self, find, onAsserted, onLost, logger } = this.#options;
    const session = find(device);
    if (!session) return;
    const at = self();
    this.#underWay += 1;
    try {
      const verdict = await sessions.assert(device, session.epoch, at, session.by);
      if (verdict !== 'ok') onLost(device, session.epoch, verdict);
      // The worker has begun another life meanwhile.
      else if (at !== self()) this.#pending.add(device);
      else if (find(device)?.epoch === session.epoch) onAsserted(device);
    } catch (error) {
      if (!this.#isFailing) logger.warn({ device, err: error }, 'session not asserted; tried again');
      this.#isFailing = true;
      this.#pending.add(device);
    } finally {
      this.#underWay -= 1;
    }
  }

  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#options.clock.after(delayMs, resolve);
    });
  }
}
