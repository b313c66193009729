import { operationBytes } from '@pushfleet/protocol';
import type { GroupPushRequest } from '@pushfleet/registry';
import type { Clock } from '@pushfleet/runtime';

/**
 * What was missed while nothing could go out, such as checkpoints that the registry took long for, is caught up on for so
 * long; the rest is left out, so that no burst follows.
 */
export const catchUpMs = 250;

/** Commands that are recorded and sent together. */
const batchSize = 500;
/** Of their operations, which a durable command carries each on its own. */
const batchBytes = 4_194_304;
/** A paced group push goes out in so few steps that its checkpoints cost little; at a low rate each command waits its time. */
const stepMs = 50;
const backOffMs = 250;

/** How far apart commands go out, in ms; 0: any number at once. Of the rate and the jitter window the slower one holds. */
export function spacingMs(
  { ratePerSecond, jitterWindowMs }: Pick<GroupPushRequest, 'ratePerSecond' | 'jitterWindowMs'>,
  devices: number,
): number {
  const byRate = ratePerSecond === 0 ? 0 : 1_000 / ratePerSecond;
  const byWindow = devices === 0 ? 0 : jitterWindowMs / devices;
  return Math.max(byRate, byWindow);
}

/**
 * How many commands may go out by the pace alone. One may at once, then one every `spacingMs`: in any span of time no more than
 * fit into that span and `catchUpMs`, and one.
 */
export class Pacer {
  readonly #spacingMs: number;
  #nextAtMs: number;

  constructor(spacingMs: number, nowMs: number) {
    this.#spacingMs = spacingMs;
    this.#nextAtMs = nowMs;
  }

  /** At most `atMost`; the caller sends all that it gets. */
  take(nowMs: number, atMost: number): number {
    if (this.#spacingMs === 0) return atMost;
    this.#nextAtMs = Math.max(this.#nextAtMs, nowMs - catchUpMs);
    if (atMost === 0 || nowMs < this.#nextAtMs) return 0;
    const count = Math.min(atMost, Math.floor((nowMs - this.#nextAtMs) / this.#spacingMs) + 1);
    this.#nextAtMs += count * this.#spacingMs;
    return count;
  }

  /** Nothing that was missed so far is caught up on. */
  rest(nowMs: number): void {
    this.#nextAtMs = Math.max(this.#nextAtMs, nowMs);
  }

  /** Time until the next command may go out, in ms; 0: one may now. */
  waitMs(nowMs: number): number {
    return this.#spacingMs === 0 ? 0 : Math.max(0, this.#nextAtMs - nowMs);
  }
}

/** How many commands of a group push may go out now: by its pace, the room in flight and the size of a batch. */
export class SendWindow implements Disposable {
  readonly #request: GroupPushRequest;
  readonly #clock: Clock;
  readonly #wake: () => void;
  readonly #maxInFlight: number;
  readonly #batchSize: number;
  #pacer = new Pacer(0, 0);
  #notBeforeMs = 0;
  #timer: Disposable | undefined;

  /** @param wake Called when it is time to ask again. */
  constructor(request: GroupPushRequest, clock: Clock, wake: () => void, maxInFlight: number) {
    this.#request = request;
    this.#clock = clock;
    this.#wake = wake;
    this.#maxInFlight = maxInFlight;
    const fitting = Math.floor(batchBytes / operationBytes(request.operation));
    this.#batchSize = request.ttlMs === 0 ? batchSize : Math.max(1, Math.min(batchSize, fitting));
  }

  get isPaced(): boolean {
    return this.#request.ratePerSecond > 0 || this.#request.jitterWindowMs > 0;
  }

  /** Begins to count time. @param devices How many the group push has, for its jitter window. */
  open(devices: number): void {
    this.#pacer = new Pacer(spacingMs(this.#request, devices), this.#clock.now());
  }

  /** At most `waiting`. Where time stands in the way, `wake` is called when it has passed. */
  take(waiting: number, inFlight: number): number {
    const nowMs = this.#clock.now();
    // While the group push is paused, or nobody is left, time is not saved up.
    if (waiting === 0) this.#pacer.rest(nowMs);
    const room = Math.min(waiting, this.#batchSize, this.#maxInFlight - inFlight);
    if (room <= 0) return 0;
    const count = nowMs < this.#notBeforeMs ? 0 : this.#pacer.take(nowMs, room);
    if (count === 0) this.#wakeIn(Math.max(this.#pacer.waitMs(nowMs), this.#notBeforeMs - nowMs));
    else if (this.isPaced) this.#notBeforeMs = nowMs + stepMs;
    return count;
  }

  /** Something did not accept what was sent, or does not answer: nothing goes out for a moment. */
  backOff(): void {
    this.#notBeforeMs = Math.max(this.#notBeforeMs, this.#clock.now() + backOffMs);
    this.#wakeIn(backOffMs);
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
  }

  #wakeIn(delayMs: number): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = this.#clock.after(Math.ceil(delayMs), this.#wake);
  }
}
