import type { CloseReason, DeviceId, Epoch } from '@pushfleet/protocol';
import type { PushServerRegistry } from '@pushfleet/registry';
import { type Clock, ConfirmedWrites, createLimiter, InFlight } from '@pushfleet/runtime';

const concurrency = 64;
const retryAfterMs = 1_000;
/** A registry that has lost more closings than that lets some sessions be until their worker's boot id is void. */
const mostRemembered = 20_000;
const never = new AbortController().signal;

/**
 * Closes sessions in the registry once their links have ended. Links end in storms, so only so many are closed at a
 * time; while the registry does not answer, what is left to close waits for it, and what it has lost lately is closed again. A session
 * that is never closed is void once this worker's boot id is.
 */
export class SessionCloser implements AsyncDisposable {
  readonly #sessions: PushServerRegistry['sessions'];
  readonly #clock: Clock;
  readonly #limited = createLimiter(concurrency);
  readonly #inFlight = new InFlight();
  readonly #confirmed: ConfirmedWrites<Parameters<SessionCloser['close']>>;
  #disposed = false;

  constructor(sessions: PushServerRegistry['sessions'], clock: Clock) {
    this.#sessions = sessions;
    this.#clock = clock;
    this.#confirmed = new ConfirmedWrites({ clock, most: mostRemembered });
  }

  close(device: DeviceId, epoch: Epoch, reason: CloseReason): void {
    void this.#inFlight.track(this.#limited(() => this.#try(device, epoch, reason)));
  }

  /** Closes again what was closed lately: the registry may have lost that. */
  repeat(): void {
    for (const closing of this.#confirmed.take()) this.close(...closing);
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
      this.#confirmed.add([device, epoch, reason]);
    } catch {
      if (!this.#disposed) this.#clock.after(retryAfterMs, () => this.close(device, epoch, reason));
    }
  }
}
