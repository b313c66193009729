import { createHmac } from 'node:crypto';
import type { KeptTokenGrant, TokenGrants } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';
import { type Caller, hashToken, type TokenDirectory } from './token-directory.ts';
import { callerOfGrant, createGrant, isGrantSecret } from './token-grant.ts';

export interface ConsoleSessionSettings {
  /** A session that nobody uses for this long ends. */
  consoleIdleMs: number;
  /** And in any case so long after its begin. */
  consoleSessionMs: number;
}

export interface ConsoleSessionsOptions extends ConsoleSessionSettings {
  grants: Pick<TokenGrants, 'put' | 'read' | 'use' | 'end'>;
  tokens: Pick<TokenDirectory, 'named' | 'onEnded'>;
  clock: Clock;
  logger: Logger;
}

export interface ConsoleSession {
  readonly caller: Caller;
  /** A value that the console shows with each write, and that pages of other sites do not know. */
  readonly csrfToken: string;
  /** When it ends unless it is used before, in Unix milliseconds. */
  readonly expiresAtMs: number;
  /** Fires when it ends, for whatever reason. */
  readonly ended: AbortSignal;
}

interface KnownSession extends ConsoleSession {
  readonly hash: string;
  readonly ending: AbortController;
  /** By the clock's own time. */
  idleEndsAt: number;
  endsAt: number;
  expiresAtMs: number;
}

const refreshMs = 1_000;
/** The use of a session is written with a delay of this part of the idle time. */
const useGrain = 1 / 30;

/**
 * Sessions of the console, good at every balancer: the registry keeps them, and this one reads those that it knows once a second.
 * While the registry does not answer, they stay good: nobody could have ended them.
 */
export class ConsoleSessions implements Disposable {
  readonly #options: ConsoleSessionsOptions;
  /** By the hash of their secret; never more than the registry keeps. */
  readonly #known = new Map<string, KnownSession>();
  readonly #timer: Disposable;
  #refreshing = false;
  #failing = false;

  constructor(options: ConsoleSessionsOptions) {
    this.#options = options;
    this.#timer = options.clock.every(refreshMs, () => void this.#refresh());
    options.tokens.onEnded((ended) => this.#endAllOf(ended));
  }

  /**
   * Begins a session. Its secret is for the browser alone.
   * @param caller Whose token is good now.
   */
  async begin(caller: Caller): Promise<{ secret: string; session: ConsoleSession }> {
    const { grants, tokens, consoleIdleMs: idleLeftMs, consoleSessionMs: leftMs } = this.#options;
    const { secret, grant } = createGrant(tokens, caller);
    await grants.put(grant, idleLeftMs, leftMs);
    const kept = { ...grant, idleLeftMs: Math.min(idleLeftMs, leftMs), leftMs };
    return { secret, session: this.#learn(secret, kept, caller) };
  }

  /**
   * The session whose secret this is; it counts as used. `undefined`: there is none, or it has ended.
   * @throws PushfleetError REGISTRY_UNAVAILABLE: it is not known here.
   */
  async find(secret: string): Promise<ConsoleSession | undefined> {
    if (!isGrantSecret(secret)) return undefined;
    const hash = hashToken(secret);
    const found = this.#known.get(hash) ?? (await this.#read(secret, hash));
    if (!found) return undefined;
    const { clock, tokens } = this.#options;
    const isGood = found.idleEndsAt > clock.now() && tokens.named(found.caller.name)?.caller === found.caller;
    if (!isGood) {
      this.#drop(found);
      return undefined;
    }
    this.#use(found);
    return found;
  }

  /** Ends the session whose secret this is, at every balancer within two seconds. */
  async end(secret: string): Promise<void> {
    const hash = hashToken(secret);
    await this.#options.grants.end(hash);
    const known = this.#known.get(hash);
    if (known) this.#drop(known);
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
  }

  async #read(secret: string, hash: string): Promise<KnownSession | undefined> {
    const [kept] = await this.#options.grants.read([hash]);
    const caller = kept && callerOfGrant(this.#options.tokens, secret, kept);
    return caller ? this.#learn(secret, kept, caller) : undefined;
  }

  #learn(secret: string, kept: KeptTokenGrant, caller: Caller): KnownSession {
    // Two requests may have asked for it at once: streams wait for the end of one and the same.
    const known = this.#known.get(kept.hash);
    if (known) return known;
    const ending = new AbortController();
    const session: KnownSession = {
      ...{ hash: kept.hash, caller, csrfToken: csrfTokenOf(secret), ending, ended: ending.signal },
      ...this.#endsOf(kept),
    };
    this.#known.set(kept.hash, session);
    return session;
  }

  #endsOf({ idleLeftMs, leftMs }: Pick<KeptTokenGrant, 'idleLeftMs' | 'leftMs'>) {
    const { clock } = this.#options;
    const now = clock.now();
    return { idleEndsAt: now + idleLeftMs, endsAt: now + leftMs, expiresAtMs: clock.wallMs() + idleLeftMs };
  }

  #use(session: KnownSession): void {
    const { grants, clock, logger, consoleIdleMs } = this.#options;
    const now = clock.now();
    const idleLeftMs = Math.min(consoleIdleMs, session.endsAt - now);
    if (now + idleLeftMs - session.idleEndsAt < consoleIdleMs * useGrain) return;
    Object.assign(session, this.#endsOf({ idleLeftMs, leftMs: session.endsAt - now }));
    grants.use(session.hash, consoleIdleMs).catch((error: unknown) => {
      logger.warn({ err: error }, 'the use of a console session cannot be written');
    });
  }

  async #refresh(): Promise<void> {
    const asked = [...this.#known.values()];
    if (this.#refreshing || asked.length === 0) return;
    this.#refreshing = true;
    try {
      const kept = new Map(
        (await this.#options.grants.read(asked.map(({ hash }) => hash))).map((one) => [one.hash, one]),
      );
      for (const session of asked) this.#take(session, kept.get(session.hash));
      if (this.#failing) this.#options.logger.info('console sessions are read again');
      this.#failing = false;
    } catch (error) {
      const words = 'console sessions cannot be read; the known ones stay good';
      if (!this.#failing) this.#options.logger.warn({ err: error }, words);
      this.#failing = true;
      for (const session of asked) if (session.idleEndsAt <= this.#options.clock.now()) this.#drop(session);
    } finally {
      this.#refreshing = false;
    }
  }

  #take(session: KnownSession, kept: KeptTokenGrant | undefined): void {
    if (kept) Object.assign(session, this.#endsOf(kept));
    else this.#drop(session);
  }

  #endAllOf(ended: Caller): void {
    for (const session of this.#known.values()) {
      if (session.caller !== ended) continue;
      this.#drop(session);
      // It is good nowhere; this only makes room.
      this.#options.grants.end(session.hash).catch(() => {});
    }
  }

  #drop(session: KnownSession): void {
    if (this.#known.get(session.hash) === session) this.#known.delete(session.hash);
    session.ending.abort();
  }
}

function csrfTokenOf(secret: string): string {
  return createHmac('sha256', secret).update('csrf').digest('base64url');
}
