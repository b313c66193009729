import type { DeviceId, Epoch } from '@pushfleet/protocol';
import type { AssertVerdict, Credentials, PushServerRegistry, WorkerRef } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';

export interface SessionAsserterOptions {
  sessions: PushServerRegistry['sessions'];
  clock: Clock;
  logger: Logger;
  /** The worker under its present boot id. */
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
 * Asserts sessions in the registry, because it may have lost them: at a bounded rate, since every worker of the cluster does so
 * at the same time. A session whose assertion fails is tried again until the registry answers, or the session has ended.
 */
export class SessionAsserter {
  readonly #options: SessionAsserterOptions;
  readonly #pending = new Set<DeviceId>();
  #inFlight = 0;
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
    const { clock } = this.#options;
    while (this.#pending.size > 0 || this.#inFlight > 0) {
      this.#isFailing = false;
      this.#step();
      await clock.sleep(stepMs);
      if (this.#isFailing) await clock.sleep(retryAfterMs);
    }
  }

  #step(): void {
    let allowance = Math.min(perStep, this.#pending.size);
    for (const device of this.#pending) {
      if (allowance === 0 || this.#inFlight >= concurrency) return;
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
    this.#inFlight += 1;
    try {
      const verdict = await sessions.assert(device, session.epoch, at, session.by);
      if (verdict !== 'ok') onLost(device, session.epoch, verdict);
      // The worker has got a new boot id meanwhile.
      else if (at !== self()) this.#pending.add(device);
      else if (find(device)?.epoch === session.epoch) onAsserted(device);
    } catch (error) {
      if (!this.#isFailing) logger.warn({ deviceId: device, err: error }, 'session not asserted; tried again');
      this.#isFailing = true;
      this.#pending.add(device);
    } finally {
      this.#inFlight -= 1;
    }
  }
}

/** A map whose entries come and go during a round. */
type Keyed<Key> = Pick<Map<Key, unknown>, 'size' | 'keys'>;

/** Visits the keys of a map at an even rate, each once in a period. */
export class Rounds<Key> {
  readonly #keyed: Keyed<Key>;
  readonly #periodMs: number;
  #ahead: Iterator<Key>;
  #due = 0;
  #askedAtMs: number;

  constructor(keyed: Keyed<Key>, periodMs: number, nowMs: number) {
    this.#keyed = keyed;
    this.#periodMs = periodMs;
    this.#ahead = keyed.keys();
    this.#askedAtMs = nowMs;
  }

  /** The keys whose turn has come since the last call. */
  next(nowMs: number): Key[] {
    // Never more than one round at once, whatever happened to the clock.
    const share = Math.min(1, Math.max(0, nowMs - this.#askedAtMs) / this.#periodMs);
    this.#askedAtMs = nowMs;
    this.#due += this.#keyed.size * share;
    const keys: Key[] = [];
    for (; this.#due >= 1; this.#due -= 1) {
      let next = this.#ahead.next();
      if (next.done) {
        this.#ahead = this.#keyed.keys();
        next = this.#ahead.next();
      }
      if (next.done) break;
      keys.push(next.value);
    }
    return keys;
  }
}
