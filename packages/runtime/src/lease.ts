import { randomUUID } from 'node:crypto';
import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';

/** The store of leases, for all processes. Both operations are atomic. */
export interface LeaseStore<Name extends string> {
  /**
   * Takes the lease, or renews it, for `ttlMs` from now, and resolves with a token that is greater than any that another holder
   * was ever given. `undefined`: another one holds it.
   */
  hold(name: Name, holder: string, ttlMs: number): Promise<number | undefined>;
  /** Gives it up. `false`: it was not held by `holder`. */
  release(name: Name, holder: string): Promise<boolean>;
}

export interface LeaseOptions<Name extends string> {
  leases: LeaseStore<Name>;
  name: Name;
  /**
   * Who asks; whoever asks again under the same name gets its own earlier lease back, and first waits for the `release` of that
   * one. Absent: nobody who has asked before.
   */
  holder?: string;
  /** For how long nobody else gets the lease when this process is dead. */
  ttlMs: number;
  renewEveryMs: number;
  clock: Clock;
  logger: Logger;
}

/**
 * A lease that this process holds, and renews until it is released or lost. It is lost when somebody else has it, and, by this
 * process' own clock, before anybody else could get it: while the store does not answer, or after this process stood still.
 */
export class Lease {
  readonly #options: LeaseOptions<string>;
  readonly #holder: string;
  readonly #lost = new AbortController();
  readonly #renewal: Disposable;
  #expiry: Disposable | undefined;
  #token: number;
  #untilMs = 0;
  #renewing: Promise<void> | undefined;

  /** Asks once. `undefined`: somebody else holds it. Rejects as the store does. */
  static async acquire<Name extends string>(options: LeaseOptions<Name>): Promise<Lease | undefined> {
    const { leases, name, holder = randomUUID(), ttlMs, clock } = options;
    const askedAtMs = clock.now();
    const token = await leases.hold(name, holder, ttlMs);
    if (token === undefined) return undefined;
    return new Lease(options as unknown as LeaseOptions<string>, holder, token, askedAtMs);
  }

  private constructor(options: LeaseOptions<string>, holder: string, token: number, askedAtMs: number) {
    this.#options = options;
    this.#holder = holder;
    this.#token = token;
    this.#renewal = options.clock.every(options.renewEveryMs, () => this.#onTime());
    this.#extend(askedAtMs);
  }

  /** Carried by writes, so that those of an earlier holder are refused. */
  get token(): number {
    return this.#token;
  }

  /** Fires when the lease is lost or released. Nothing may be written or sent under it from then on. */
  get lost(): AbortSignal {
    // A timer of a process that stood still may come later than this question.
    if (this.#options.clock.now() >= this.#untilMs) this.end();
    return this.#lost.signal;
  }

  /** Gives it up here; the store keeps it until it expires. */
  end(): void {
    this.#renewal[Symbol.dispose]();
    this.#expiry?.[Symbol.dispose]();
    this.#lost.abort();
  }

  /**
   * Fires `lost`, waits for `work` that goes on under the lease and for a renewal that is under way, and gives the lease up in the
   * store, unless it was lost before: somebody else gets it at once. Never rejects.
   */
  async release(work: Promise<unknown> = Promise.resolve()): Promise<void> {
    const wasLost = this.lost.aborted;
    this.end();
    await Promise.allSettled([work, this.#renewing]);
    if (!wasLost) await this.#giveUp();
  }

  #onTime(): void {
    if (this.lost.aborted) return;
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = undefined;
    });
  }

  async #renew(): Promise<void> {
    const { leases, name, ttlMs, clock, logger } = this.#options;
    const askedAtMs = clock.now();
    try {
      const token = await leases.hold(name, this.#holder, ttlMs);
      if (token === undefined) return this.end();
      // Released, or expired here, while the answer was on its way.
      if (this.lost.aborted) return await this.#giveUp();
      this.#token = token;
      this.#extend(askedAtMs);
    } catch (error) {
      logger.debug({ err: error, lease: name }, 'a lease cannot be renewed');
    }
  }

  #extend(askedAtMs: number): void {
    const { clock, ttlMs } = this.#options;
    this.#untilMs = askedAtMs + ttlMs;
    this.#expiry?.[Symbol.dispose]();
    this.#expiry = clock.after(this.#untilMs - clock.now(), () => this.end());
  }

  /** It would expire anyway. */
  async #giveUp(): Promise<void> {
    const { leases, name } = this.#options;
    await leases.release(name, this.#holder).catch(() => false);
  }
}
