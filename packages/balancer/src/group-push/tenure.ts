import { randomUUID } from 'node:crypto';
import type { GroupPushId } from '@pushfleet/protocol';
import type { LeaseName, Leases } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';

const renewMs = 3_000;
const defaultTtlMs = 10_000;

export interface TenureOptions {
  leases: Leases;
  clock: Clock;
  logger: Logger;
  /** For how long nobody else may go on when this process is dead. */
  leaseTtlMs?: number;
}

/** The time in which this process, and no other, runs a group push. */
export class Tenure {
  readonly #options: TenureOptions;
  readonly #name: LeaseName;
  readonly #holder: string;
  readonly #ttlMs: number;
  readonly #lost = new AbortController();
  readonly #timer: Disposable;
  #token: number;
  #untilMs: number;
  #renewing: Promise<void> | undefined;

  /** `undefined`: somebody else runs it. @throws PushfleetError REGISTRY_UNAVAILABLE */
  static async begin(id: GroupPushId, options: TenureOptions): Promise<Tenure | undefined> {
    const name: LeaseName = `group-push:${id}`;
    const { leases, clock, leaseTtlMs: ttlMs = defaultTtlMs } = options;
    const holder = randomUUID();
    const askedAtMs = clock.now();
    const token = await leases.hold(name, holder, ttlMs);
    return token === undefined ? undefined : new Tenure(options, { name, holder, token, ttlMs, askedAtMs });
  }

  private constructor(
    options: TenureOptions,
    held: { name: LeaseName; holder: string; token: number; ttlMs: number; askedAtMs: number },
  ) {
    this.#options = options;
    this.#name = held.name;
    this.#holder = held.holder;
    this.#ttlMs = held.ttlMs;
    this.#token = held.token;
    this.#untilMs = held.askedAtMs + held.ttlMs;
    this.#timer = options.clock.every(Math.min(renewMs, held.ttlMs / 3), () => this.#onTime());
  }

  /** Carried by writes, so that those of an earlier tenure are refused. */
  get token(): number {
    return this.#token;
  }

  /** Aborted when it ends; nothing may be written or sent from then on. */
  get lost(): AbortSignal {
    // While the registry does not answer, or this process stood still, the lease runs out by this process' own clock.
    if (this.#options.clock.now() >= this.#untilMs) this.end();
    return this.#lost.signal;
  }

  /** Somebody else has it, or will have. */
  end(): void {
    this.#timer[Symbol.dispose]();
    this.#lost.abort();
  }

  /** Gives it up, so that somebody else can go on at once. */
  async release(): Promise<void> {
    if (this.lost.aborted) return;
    this.end();
    await this.#renewing;
    await this.#giveUp();
  }

  #onTime(): void {
    if (this.lost.aborted) return;
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = undefined;
    });
  }

  async #renew(): Promise<void> {
    const { clock, leases, logger } = this.#options;
    const askedAtMs = clock.now();
    try {
      const token = await leases.hold(this.#name, this.#holder, this.#ttlMs);
      if (token === undefined) this.end();
      else if (this.lost.aborted) await this.#giveUp();
      else this.#keep(token, askedAtMs + this.#ttlMs);
    } catch (error) {
      logger.debug({ err: error, lease: this.#name }, 'the lease of a group push cannot be renewed');
    }
  }

  #keep(token: number, untilMs: number): void {
    this.#token = token;
    this.#untilMs = untilMs;
  }

  /** It would lapse anyway. */
  async #giveUp(): Promise<void> {
    await this.#options.leases.release(this.#name, this.#holder).catch(() => false);
  }
}
