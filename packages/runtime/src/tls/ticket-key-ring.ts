import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Live } from '../live.ts';
import type { Logger } from '../logger.ts';

/** A generation of keys. Of each, every purpose has a key of its own. */
export interface TicketKeyGeneration {
  seed: Buffer;
  madeAtMs: number;
}

/** The place where the cluster keeps its keys; the registry’s port is one. */
export interface TicketKeyStore {
  read(secretId: string): Promise<{ revision: number; sealed: string } | undefined>;
  replace(secretId: string, revision: number, sealed: string, lifetimeMs: number): Promise<boolean>;
}

export interface TicketKeyRingOptions {
  store: TicketKeyStore;
  /** Known to members of the cluster only. With another one there are other keys at once. */
  secret: Live<Uint8Array>;
  /** A key of one purpose opens no ticket of another. */
  purpose: 'device' | 'assignment';
  /** Age at which a key is followed by another one. Its tickets are good for as long again. */
  rotationMs: number;
  clock: Clock;
  logger: Logger;
}

const generationsKept = 2;
const seedBytes = 32;
/** Name, and the two keys that OpenSSL takes. */
const keyBytes = 48;
const refreshMs = 30_000;
/** Somebody else was quicker, each time. */
const attempts = 5;

/**
 * The keys of TLS session tickets that all processes of a cluster share: a session resumes on every worker of every push server.
 * They are in the registry, sealed. Whichever process finds none, or old ones, puts new ones; one of them wins. While the
 * registry is away the known ones stay in use, and where it has lost them they are put back.
 */
export class TicketKeyRing implements Disposable {
  readonly #options: TicketKeyRingOptions;
  #sealer: TicketKeySealer;
  readonly #replaced: Disposable;
  readonly #users = new Set<(keys: readonly Buffer[]) => void>();
  #generations: readonly TicketKeyGeneration[] = [];
  #timer: Disposable | undefined;

  constructor(options: TicketKeyRingOptions) {
    this.#options = options;
    this.#sealer = new TicketKeySealer(options.secret.current);
    this.#replaced = options.secret.onChange((secret) => this.#useSecret(secret));
  }

  /** Keys for `tls.Server`, the newest first, two at most. */
  get keys(): readonly Buffer[] {
    const info = `pushfleet tls session tickets: ${this.#options.purpose}`;
    return this.#generations.map(({ seed }) => Buffer.from(hkdfSync('sha256', seed, '', info, keyBytes)));
  }

  /** Calls `use` with the keys, now and whenever they change. */
  onKeys(use: (keys: readonly Buffer[]) => void): Disposable {
    this.#users.add(use);
    use(this.keys);
    return { [Symbol.dispose]: () => void this.#users.delete(use) };
  }

  /** Never rejects: without keys there are whole handshakes. */
  async start(): Promise<void> {
    this.#timer = this.#options.clock.every(refreshMs, () => void this.refresh());
    await this.refresh();
  }

  async refresh(): Promise<void> {
    const { logger } = this.#options;
    try {
      const sealer = this.#sealer;
      const generations = await this.#agree();
      // Agreed on under a secret that has been replaced since.
      if (sealer !== this.#sealer) return;
      if (isSame(generations, this.#generations)) return;
      this.#generations = generations;
      for (const use of this.#users) use(this.keys);
    } catch (error) {
      logger.warn({ err: error }, 'keys of TLS session tickets not refreshed; the known ones stay in use');
    }
  }

  [Symbol.dispose](): void {
    this.#replaced[Symbol.dispose]();
    this.#timer?.[Symbol.dispose]();
    this.#users.clear();
  }

  #useSecret(secret: Uint8Array): void {
    this.#sealer = new TicketKeySealer(secret);
    // Whoever has the former secret knows these: they are not kept under the new one.
    this.#generations = [];
    void this.refresh();
  }

  async #agree(): Promise<readonly TicketKeyGeneration[]> {
    const { store, rotationMs, clock } = this.#options;
    const sealer = this.#sealer;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const stored = await store.read(sealer.id);
      const known = stored && sealer.open(stored.sealed);
      const wanted = rotate(known ?? this.#generations, clock.wallMs(), rotationMs);
      if (known && isSame(wanted, known)) return known;
      const sealed = sealer.seal(wanted);
      if (await store.replace(sealer.id, stored?.revision ?? 0, sealed, generationsKept * rotationMs)) return wanted;
    }
    throw new Error('other processes were quicker each time');
  }
}

/** The generations to use at `nowMs`: the same, or a new one before the newest where that is too old, or of the future. */
function rotate(
  known: readonly TicketKeyGeneration[],
  nowMs: number,
  rotationMs: number,
): readonly TicketKeyGeneration[] {
  const [newest] = known;
  if (newest && Math.abs(nowMs - newest.madeAtMs) < rotationMs) return known;
  // One that was not replaced for so long is no longer good.
  const isGood = newest && Math.abs(nowMs - newest.madeAtMs) < generationsKept * rotationMs;
  return [{ seed: randomBytes(seedBytes), madeAtMs: nowMs }, ...(isGood ? [newest] : [])];
}

/** Seals generations so that only those who have the same secret can open them. */
export class TicketKeySealer {
  /** Names the secret, and tells nothing of it. */
  readonly id: string;
  readonly #key: Buffer;

  constructor(secret: Uint8Array) {
    this.id = Buffer.from(hkdfSync('sha256', secret, '', 'pushfleet ticket secret id', 8)).toString('hex');
    this.#key = Buffer.from(hkdfSync('sha256', secret, '', 'pushfleet ticket key sealing', 32));
  }

  seal(generations: readonly TicketKeyGeneration[]): string {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv);
    const text = JSON.stringify(generations.map(({ seed, madeAtMs }) => ({ seed: seed.toString('base64'), madeAtMs })));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
  }

  /** `undefined`: they are not sealed with this secret, or were changed since. */
  open(sealed: string): readonly TicketKeyGeneration[] | undefined {
    const bytes = Buffer.from(sealed, 'base64');
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, 12), { authTagLength: 16 });
      decipher.setAuthTag(bytes.subarray(12, 28));
      const text = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
      const generations = JSON.parse(text) as { seed: string; madeAtMs: number }[];
      return generations.map(({ seed, madeAtMs }) => ({ seed: Buffer.from(seed, 'base64'), madeAtMs }));
    } catch {
      return undefined;
    }
  }
}

function isSame(one: readonly TicketKeyGeneration[], other: readonly TicketKeyGeneration[]): boolean {
  return one.length === other.length && one.every(({ seed }, index) => other[index]?.seed.equals(seed));
}
