import type { CloseReason, DeviceId } from '@pushfleet/protocol';
import type { Clock } from '@pushfleet/runtime';
import type { DecideRedirect } from '../links/link-table.ts';

/** The links whose devices are redirected. */
export interface RedirectableLinks {
  /** `false`: the device has no live link here, or stays. */
  redirect(device: DeviceId, reason: CloseReason, decide: DecideRedirect): Promise<boolean>;
}

export interface Evacuation {
  /** The devices to redirect, of those that are here now. */
  candidates(): Iterable<DeviceId>;
  decide: DecideRedirect;
  ratePerSecond: number;
  /** The most devices to redirect; absent: all candidates. */
  atMost?: number;
  /** Called several times a second with the number of devices redirected so far. */
  onProgress?(redirected: number): void;
}

const stepMs = 100;
/** Devices that are being redirected at the same time; a registry that answers slowly makes it slower, not more of them. */
const concurrency = 64;

/**
 * A device that stays is tried again after this time, before those that were not tried yet: its slot is near. Behind a long queue the slots
 * of many would have passed, and all would leave together for the push server that gave them.
 */
const againAfterMs = 1_000;
/** Then others come first, for it may have gone. */
const mostTries = 5;

/** Redirects devices at a bounded rate. A device that one evacuation is redirecting is left alone by the others. */
export class EvacuationPacer {
  readonly #links: RedirectableLinks;
  readonly #clock: Clock;
  readonly #leaving = new Set<DeviceId>();
  #redirected = 0;

  constructor(links: RedirectableLinks, clock: Clock) {
    this.#links = links;
    this.#clock = clock;
  }

  /** Number of devices redirected since the last call. */
  takeRedirected(): number {
    const redirected = this.#redirected;
    this.#redirected = 0;
    return redirected;
  }

  /**
   * Resolves with the number of devices redirected, once none is left or `stop` has fired.
   * @throws what `decide` has thrown: then no more devices are redirected.
   */
  async run(evacuation: Evacuation, stop: AbortSignal): Promise<number> {
    const { ratePerSecond, candidates, decide, onProgress, atMost = Number.POSITIVE_INFINITY } = evacuation;
    const inFlight = new Set<Promise<void>>();
    let queue: DeviceId[] = [];
    const staying = new StayingDevices(this.#clock);
    let allowance = 0;
    let redirected = 0;
    const failed = new AbortController();
    const stopped = AbortSignal.any([stop, failed.signal]);
    while (!stopped.aborted) {
      if (queue.length === 0) {
        queue = [...candidates()].reverse();
        staying.clear();
      }
      if (redirected + inFlight.size >= atMost) queue = [];
      if (queue.length === 0 && inFlight.size === 0) break;
      allowance = Math.min(allowance + (ratePerSecond * stepMs) / 1_000, Math.max(1, ratePerSecond));
      while (allowance >= 1 && inFlight.size < concurrency && redirected + inFlight.size < atMost) {
        const again = staying.take();
        const device = again?.device ?? queue.pop();
        if (device === undefined) break;
        allowance -= 1;
        const redirecting = this.#redirect(device, decide)
          .then((left) => {
            if (left) redirected += 1;
            else staying.add(device, (again?.tries ?? 0) + 1);
          })
          .catch((error) => failed.abort(error))
          .finally(() => inFlight.delete(redirecting));
        inFlight.add(redirecting);
      }
      await this.#clock.sleep(stepMs);
      onProgress?.(redirected);
    }
    await Promise.all(inFlight);
    failed.signal.throwIfAborted();
    return redirected;
  }

  async #redirect(device: DeviceId, decide: DecideRedirect): Promise<boolean> {
    if (this.#leaving.has(device)) return false;
    this.#leaving.add(device);
    try {
      const left = await this.#links.redirect(device, 'useAnotherServer', decide);
      if (left) this.#redirected += 1;
      return left;
    } finally {
      this.#leaving.delete(device);
    }
  }
}

/** Devices that have stayed, in the order in which they are to be tried again. */
class StayingDevices {
  readonly #clock: Clock;
  #waiting: { device: DeviceId; tries: number; atMs: number }[] = [];
  #next = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(device: DeviceId, tries: number): void {
    if (tries < mostTries) this.#waiting.push({ device, tries, atMs: this.#clock.now() + againAfterMs });
  }

  /** The next one whose time has come. */
  take(): { device: DeviceId; tries: number } | undefined {
    const first = this.#waiting[this.#next];
    if (!first || first.atMs > this.#clock.now()) return undefined;
    this.#next += 1;
    if (this.#next === this.#waiting.length) this.clear();
    return first;
  }

  clear(): void {
    this.#waiting = [];
    this.#next = 0;
  }
}
