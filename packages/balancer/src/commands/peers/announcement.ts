import type { BalancerRecord, Balancers, RegistryPosition } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';

/** Time after which a balancer that was killed is no longer listed. */
const ttlMs = 15_000;
const renewEveryMs = 3_000;

export interface AnnouncementOptions {
  balancers: Pick<Balancers, 'announce' | 'withdraw'>;
  balancer: BalancerRecord;
  /** The registry may have lost its last writes, or all. */
  onForgotten(): void;
  clock: Pick<Clock, 'every'>;
  logger: Logger;
}

/**
 * Keeps this balancer listed in the registry, so that others find it, until it is withdrawn. Tries again while the registry
 * does not answer. What the registry answers says whether it has lost anything.
 */
export class Announcement {
  readonly #options: AnnouncementOptions;
  readonly #timer: Disposable;
  #announcing: Promise<void> | undefined;
  #withdrawing: Promise<void> | undefined;
  #position: RegistryPosition | undefined;

  constructor(options: AnnouncementOptions) {
    this.#options = options;
    this.#timer = options.clock.every(renewEveryMs, () => void this.announce());
  }

  /** Resolves when the registry has answered, or not. Never rejects. */
  announce(): Promise<void> {
    this.#announcing ??= this.#announce().finally(() => {
      this.#announcing = undefined;
    });
    return this.#announcing;
  }

  /** Best effort: the registry forgets the balancer anyway. Never rejects. */
  withdraw(): Promise<void> {
    this.#withdrawing ??= this.#withdraw();
    return this.#withdrawing;
  }

  async #withdraw(): Promise<void> {
    this.#timer[Symbol.dispose]();
    // Else it might be listed again after it was taken out.
    await this.#announcing;
    const { balancers, balancer } = this.#options;
    await balancers.withdraw(balancer).catch(() => undefined);
  }

  async #announce(): Promise<void> {
    const { balancers, balancer, onForgotten, logger } = this.#options;
    try {
      const { verdict, position } = await balancers.announce(balancer, ttlMs, this.#position);
      this.#position = position;
      if (verdict === 'ok') return;
      logger.warn({ verdict }, 'the registry may have lost its last writes; durable commands are written again');
      onForgotten();
    } catch (error) {
      logger.debug({ err: error }, 'the balancer cannot be announced to the others');
    }
  }
}
