import { type Clock, stallMs } from './clock.ts';

export interface KeepAliveOptions {
  clock: Clock;
  /** The time of silence after which the server is asked; may change while the link lives. */
  intervalMs(): number;
  /** Sends a ping. */
  ping(): void;
  /** A ping was not answered. Called once, last. */
  lost(): void;
  /** The link was silent for the whole interval, and was answered all the same. */
  held?(): void;
  /** The link was silent for the whole interval, and nothing came any more. */
  halfOpen?(): void;
}

/** The longest time for an answer, however long the interval. A server in a storm of returning devices takes a while. */
const answerMs = 60_000;

/** Finds a link that is dead without having been closed. One timer per link, however much goes over it. */
export class KeepAlive implements Disposable {
  readonly #options: KeepAliveOptions;
  #sentAtMs: number;
  #heardAtMs: number;
  /** The time of the ping that is not answered yet. */
  #askedAtMs: number | undefined;
  /** That ping came after a whole interval without a word from either side, in which the device was awake. */
  #wasSilent = false;
  /** A ping is sent by then, whatever is said: something waits for its answer. */
  #askByMs = Number.POSITIVE_INFINITY;
  /** The time at which the next tick should come. */
  #dueAtMs: number;
  #timer: Disposable;

  constructor(options: KeepAliveOptions) {
    this.#options = options;
    const { clock } = options;
    this.#sentAtMs = this.#heardAtMs = clock.now();
    this.#dueAtMs = this.#sentAtMs + options.intervalMs();
    this.#timer = clock.after(options.intervalMs(), () => this.#tick());
  }

  sent(): void {
    this.#sentAtMs = this.#options.clock.now();
  }

  heard(): void {
    this.#heardAtMs = this.#options.clock.now();
    if (this.#askedAtMs === undefined) return;
    this.#askedAtMs = undefined;
    if (this.#wasSilent) this.#options.held?.();
  }

  /** Sees to it that the server is asked within this time. */
  askWithin(delayMs: number): void {
    const atMs = this.#options.clock.now() + delayMs;
    if (this.#askByMs <= atMs) return;
    this.#askByMs = atMs;
    if (atMs < this.#dueAtMs) this.#tickAt(atMs);
  }

  /** The connection has broken. Where a ping was on its way after a silence, that is how a half-open one may show. */
  broken(): void {
    if (this.#askedAtMs !== undefined && this.#wasSilent) this.#options.halfOpen?.();
    this[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
  }

  #tick(): void {
    const nowMs = this.#options.clock.now();
    const hasStalled = nowMs - this.#dueAtMs > stallMs;
    const intervalMs = this.#options.intervalMs();
    const answerByMs = (this.#askedAtMs ?? nowMs) + Math.min(intervalMs, answerMs);
    // What came while the device stood still is not read yet, and who was not listened to was not silent: it is asked once more.
    if (this.#askedAtMs === undefined ? this.#isDue(nowMs, intervalMs) : hasStalled) this.#ask(nowMs, hasStalled);
    else if (this.#askedAtMs !== undefined && nowMs >= answerByMs) return this.#onUnanswered();
    this.#tickAt(Math.max(this.#nextAtMs(intervalMs), nowMs + 1));
  }

  /** A device that sends much and hears nothing must ask too: only an answer shows that the server lives. */
  #isDue(nowMs: number, intervalMs: number): boolean {
    return nowMs - Math.min(this.#heardAtMs, this.#sentAtMs) >= intervalMs || nowMs >= this.#askByMs;
  }

  #ask(nowMs: number, hasStalled: boolean): void {
    const silentMs = nowMs - Math.max(this.#heardAtMs, this.#sentAtMs);
    this.#wasSilent = !hasStalled && silentMs >= this.#options.intervalMs();
    this.#askedAtMs = nowMs;
    this.#askByMs = Number.POSITIVE_INFINITY;
    this.#options.ping();
    this.#sentAtMs = nowMs;
  }

  #onUnanswered(): void {
    if (this.#wasSilent) this.#options.halfOpen?.();
    this.#options.lost();
  }

  #nextAtMs(intervalMs: number): number {
    if (this.#askedAtMs !== undefined) return this.#askedAtMs + Math.min(intervalMs, answerMs);
    return Math.min(Math.min(this.#heardAtMs, this.#sentAtMs) + intervalMs, this.#askByMs);
  }

  #tickAt(atMs: number): void {
    const { clock } = this.#options;
    this.#timer[Symbol.dispose]();
    this.#dueAtMs = atMs;
    this.#timer = clock.after(atMs - clock.now(), () => this.#tick());
  }
}
