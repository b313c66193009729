import type { X509Certificate } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';

/** A certificate of a member that is good no more. */
export interface Revocation {
  /** Serial number, in upper-case hexadecimal digits, as X509Certificate has it. */
  serial: string;
  /** URI of the member. */
  member: string;
  /** Unix time in milliseconds. */
  revokedAtMs: number;
  /** When the certificate would have ended, and with it this entry. */
  expiresAtMs: number;
}

/** The place where the cluster keeps them; the registry's port is one. */
export interface RevocationStore {
  list(): Promise<Revocation[]>;
}

export interface RevocationListOptions {
  store: RevocationStore;
  /** Puts back what the registry has lost. Absent: others do; only balancers may. */
  putBack?: (lost: readonly Revocation[]) => Promise<void>;
  clock: Clock;
  logger: Logger;
}

const refreshMs = 2_000;

/**
 * The revoked certificates, as the registry had them two seconds ago. One that is known stays so until this process ends, whatever
 * becomes of the registry.
 */
export class RevocationList implements Disposable {
  readonly #options: RevocationListOptions;
  readonly #known = new Map<string, Revocation>();
  readonly #listeners = new Set<(added: readonly Revocation[]) => void>();
  #timer: Disposable | undefined;

  constructor(options: RevocationListOptions) {
    this.#options = options;
  }

  /** Never rejects: a registry that is away revokes nobody. */
  async start(): Promise<void> {
    this.#timer = this.#options.clock.every(refreshMs, () => void this.refresh());
    await this.refresh();
  }

  isRevoked({ serialNumber }: Pick<X509Certificate, 'serialNumber'>): boolean {
    return this.#known.has(serialNumber);
  }

  /** Whether a certificate of the member was ever revoked. @param member Its URI */
  hasRevoked(member: string): boolean {
    return this.#known.values().some((one) => one.member === member);
  }

  /** Calls `listener` with those that have just become known. */
  onRevoked(listener: (added: readonly Revocation[]) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Calls `listener` when the certificate of this process is revoked; at once where it is. @param serialNumber Gives the present one's. */
  onOwnRevoked(serialNumber: () => string, listener: () => void): Disposable {
    const look = () => {
      if (this.isRevoked({ serialNumber: serialNumber() })) listener();
    };
    look();
    return this.onRevoked(look);
  }

  /**
   * For a process that ends with its own certificate, because nobody in the cluster speaks to it any more.
   * @throws `error` where that is revoked; gives it to `fail` when it is later
   */
  requireOwn(serialNumber: () => string, error: Error, fail: (error: Error) => void): void {
    if (this.isRevoked({ serialNumber: serialNumber() })) throw error;
    this.onOwnRevoked(serialNumber, () => fail(error));
  }

  async refresh(): Promise<void> {
    const { store, putBack, clock, logger } = this.#options;
    try {
      const listed = await store.list();
      this.#learn(listed);
      if (!putBack) return;
      const serials = new Set(listed.map(({ serial }) => serial));
      const nowMs = clock.wallMs();
      const lost = [...this.#known.values()].filter(
        ({ serial, expiresAtMs }) => !serials.has(serial) && expiresAtMs > nowMs,
      );
      if (lost.length > 0) await putBack(lost);
    } catch (error) {
      logger.warn({ err: error }, 'revoked certificates not read; the known ones stay revoked');
    }
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#listeners.clear();
  }

  #learn(listed: readonly Revocation[]): void {
    const added = listed.filter(({ serial }) => !this.#known.has(serial));
    if (added.length === 0) return;
    for (const revocation of added) this.#known.set(revocation.serial, revocation);
    this.#options.logger.info({ members: [...new Set(added.map(({ member }) => member))] }, 'certificates revoked');
    for (const listener of this.#listeners) listener(added);
  }
}
