import type { CloseReason, DeviceId, Epoch } from '@pushfleet/protocol';
import type { PushServerRegistry } from '@pushfleet/registry';
import { type Clock, createLimiter, InFlight } from '@pushfleet/runtime';

const concurrency = 64;
const retryAfterMs = 1_000;
const never = new AbortController().signal;

/**
 * Closes sessions in the registry once their links have ended. Links end in storms, so only so many are closed at a
 * time; while the registry does not answer, what is left to close waits for it. A session that is never closed is void
 * once this worker's boot id is.
 */
export class SessionCloser implements AsyncDisposable {
  readonly #sessions: PushServerRegistry['sessions'];
  readonly #clock: Clock;
  readonly #limited = createLimiter(concurrency);
  readonly #inFlight = new InFlight();
  #disposed = false;

  constructor(sessions: PushServerRegistry['sessions'], clock: Clock) {
    this.#sessions = sessions;
    this.#clock = clock;
  }

  close(device: DeviceId, epoch: Epoch, reason: CloseReason): void {
    void this.#inFlight.track(this.#limited(() => this.#try(device, epoch, reason)));
  }

  /** Waits until every session is closed or, after the registry has failed, given up. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    await this.#inFlight.drained(never);
  }

  async #try(device: DeviceId, epoch: Epoch, reason: CloseReason): Promise<void> {
    try {
      // `false`: the device has a newer session, which is not ours to close.
      await this.#sessions.close(device, epoch, reason);
    } catch {
      if (!this.#disposed) this.#clock.after(retryAfterMs, () => this.close(device, epoch, reason));
    }
  }
}
