import { operationBytes } from '@pushfleet/protocol';
import type { GroupPushRequest } from '@pushfleet/registry';
import type { Clock } from '@pushfleet/runtime';
import { Pace, spacingMs } from './pace.ts';

/** Commands that are noted and sent together. */
const chunkSize = 500;
/** Of their operations, which a durable command carries each on its own. */
const chunkBytes = 4_194_304;
/** A paced group push is noted and sent in so few steps that its notes cost little; at a low rate each waits its time. */
const stepMs = 50;
const backOffMs = 250;

/** How many commands of a group push may go out now, and when to ask again. */
export class Dispenser implements Disposable {
  readonly #request: GroupPushRequest;
  readonly #clock: Clock;
  readonly #wake: () => void;
  readonly #maxUnderWay: number;
  readonly #chunk: number;
  #pace: Pace;
  #notBeforeMs = 0;
  #timer: Disposable | undefined;

  constructor(request: GroupPushRequest, clock: Clock, wake: () => void, maxUnderWay: number) {
    this.#request = request;
    this.#clock = clock;
    this.#wake = wake;
    this.#maxUnderWay = maxUnderWay;
    const fitting = Math.floor(chunkBytes / operationBytes(request.operation));
    this.#chunk = request.ttlMs === 0 ? chunkSize : Math.max(1, Math.min(chunkSize, fitting));
    this.#pace = new Pace(0, 0);
  }

  get isPaced(): boolean {
    return this.#request.ratePerSecond > 0 || this.#request.jitterWindowMs > 0;
  }

  /** Begins to count time. */
  open(devices: number): void {
    this.#pace = new Pace(spacingMs(this.#request, devices), this.#clock.now());
  }

  /** At most `waiting`. Where time stands in the way, the caller is woken. */
  take(waiting: number, underWay: number): number {
    const nowMs = this.#clock.now();
    // While it pauses, or nobody is left, time is not saved up.
    if (waiting === 0) this.#pace.rest(nowMs);
    const room = Math.min(waiting, this.#chunk, this.#maxUnderWay - underWay);
    if (room <= 0) return 0;
    const count = nowMs < this.#notBeforeMs ? 0 : this.#pace.take(nowMs, room);
    if (count === 0) this.#wakeIn(Math.max(this.#pace.waitMs(nowMs), this.#notBeforeMs - nowMs));
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
