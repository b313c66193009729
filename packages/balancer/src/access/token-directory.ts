import { createHash, timingSafeEqual } from 'node:crypto';
import { type GroupPath, PushfleetError, type Role } from '@pushfleet/protocol';
import type { ApiTokenRecord, ApiTokens } from '@pushfleet/registry';
import { type Clock, type Live, type Logger, meter, metrics } from '@pushfleet/runtime';

/** Whoever has shown an API token: what may be done with it. */
export interface Caller {
  /** The name of the token. */
  readonly name: string;
  readonly role: Role;
  /** Absent: the whole fleet. */
  readonly scope?: GroupPath;
  readonly createdBy: string;
  readonly createdAtMs: number;
  readonly expiresAtMs?: number;
}

/** A token that is good, as far as anybody knows it. */
export interface NamedToken {
  caller: Caller;
  /** SHA-256 of it, in hex. */
  digest: string;
}

/** The end of a token that is good no more, in words. */
export type TokenEnd = 'was revoked' | 'has expired' | 'was replaced';

/** The name of the token in the balancers' file; no other token may have it. */
export const rootName = 'root';

export interface TokenDirectoryOptions {
  tokens: Pick<ApiTokens, 'list'>;
  /** The token of the balancers' file. */
  rootToken: Live<string>;
  clock: Clock;
  logger: Logger;
}

const refreshMs = 1_000;

/**
 * All API tokens that are good, read once a second. While the registry does not answer, those that were read last stay good:
 * nobody could have changed them.
 */
export class TokenDirectory implements Disposable {
  readonly #options: TokenDirectoryOptions;
  readonly #replaced: Disposable;
  #rootDigest: Buffer;
  #root = rootCaller();
  readonly #onEnded = new Set<(ended: Caller, end: TokenEnd) => void>();
  readonly #notified = new WeakSet<Caller>();
  #byHash = new Map<string, Caller>();
  #hashByName = new Map<string, string>();
  #timer: Disposable | undefined;
  #failing = false;

  constructor(options: TokenDirectoryOptions) {
    this.#options = options;
    this.#rootDigest = digestOf(options.rootToken.current);
    this.#replaced = options.rootToken.onChange((token) => this.#useRoot(token));
  }

  async start(): Promise<void> {
    await this.refresh();
    this.#timer = this.#options.clock.every(refreshMs, () => void this.refresh());
  }

  /** `undefined`: there is no such token, or it is good no more. */
  find(shown: string): Caller | undefined {
    const digest = digestOf(shown);
    if (timingSafeEqual(digest, this.#rootDigest)) return this.#root;
    // By its digest: how long that takes tells nothing of the tokens.
    const caller = this.#byHash.get(digest.toString('hex'));
    return caller && !this.#hasExpired(caller) ? caller : undefined;
  }

  /** `undefined`: there is no token of that name, or it is good no more. */
  named(name: string): NamedToken | undefined {
    if (name === rootName) return { caller: this.#root, digest: this.#rootDigest.toString('hex') };
    const digest = this.#hashByName.get(name) ?? '';
    const caller = this.#byHash.get(digest);
    return caller && !this.#hasExpired(caller) ? { caller, digest } : undefined;
  }

  /** Calls `listener` with each caller whose token has been revoked or has expired, within two seconds. */
  onEnded(listener: (ended: Caller, end: TokenEnd) => void): void {
    this.#onEnded.add(listener);
  }

  /** Reads the tokens; keeps those that it knows where the registry does not answer. */
  async refresh(): Promise<void> {
    try {
      this.#take(await this.#options.tokens.list());
      if (this.#failing) this.#options.logger.info('API tokens are read again');
      this.#failing = false;
    } catch (error) {
      if (!this.#failing)
        this.#options.logger.warn({ err: error }, 'API tokens cannot be read; the known ones stay good');
      this.#failing = true;
      this.#expire(this.#byHash);
    }
  }

  [Symbol.dispose](): void {
    this.#replaced[Symbol.dispose]();
    this.#timer?.[Symbol.dispose]();
  }

  /** The token of the file is another one: whoever has shown the former is to sign in anew. */
  #useRoot(token: string): void {
    const former = this.#root;
    this.#rootDigest = digestOf(token);
    this.#root = rootCaller();
    this.#tellEnded(former, 'was replaced');
  }

  #take(records: readonly ApiTokenRecord[]): void {
    const before = this.#byHash;
    const now = new Map(records.map(({ hash, ...caller }) => [hash, before.get(hash) ?? caller]));
    this.#byHash = now;
    this.#hashByName = new Map(records.map(({ name, hash }) => [name, hash]));
    for (const [hash, caller] of before) if (!now.has(hash)) this.#tellEnded(caller);
    this.#expire(now);
  }

  #expire(callers: ReadonlyMap<string, Caller>): void {
    for (const caller of callers.values()) if (this.#hasExpired(caller)) this.#tellEnded(caller);
  }

  #tellEnded(caller: Caller, end: TokenEnd = this.#hasExpired(caller) ? 'has expired' : 'was revoked'): void {
    if (this.#notified.has(caller)) return;
    this.#notified.add(caller);
    for (const listener of this.#onEnded) listener(caller, end);
  }

  #hasExpired({ expiresAtMs }: Caller): boolean {
    return expiresAtMs !== undefined && expiresAtMs <= this.#options.clock.wallMs();
  }
}

function rootCaller(): Caller {
  return { name: rootName, role: 'admin', createdBy: '', createdAtMs: 0 };
}

/**
 * The caller of a call that carries this authorization. What is refused is counted as a failed sign-in.
 * @param place Where the authorization stands, in words: `metadata`.
 * @throws PushfleetError BAD_TOKEN
 */
export function signIn(tokens: Pick<TokenDirectory, 'find'>, authorization: string, place: string): Caller {
  const [, shown] = /^Bearer +(\S+) *$/i.exec(authorization) ?? [];
  const caller = shown === undefined ? undefined : tokens.find(shown);
  if (caller) return caller;
  meter.count(metrics.failedSignIns, 'token');
  const problem =
    shown === undefined
      ? `an API token is needed, in ${place} \`authorization: Bearer <token>\``
      : `the API token in ${place} \`authorization\` is unknown, was revoked, or has expired`;
  throw new PushfleetError('BAD_TOKEN', problem);
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** How a token is kept: SHA-256 in hex. A token is 256 random bits: nobody finds it by trying, however cheap one try is. */
export function hashToken(token: string): string {
  return digestOf(token).toString('hex');
}

/** Says what the token of `caller` is for. */
export function permissionDenied(caller: Caller, what: string): PushfleetError {
  const scope = caller.scope === undefined ? '' : ` for group "${caller.scope}" and what is below it`;
  return new PushfleetError(
    'PERMISSION_DENIED',
    `${what}; API token "${caller.name}" has the role ${caller.role}${scope}`,
  );
}
