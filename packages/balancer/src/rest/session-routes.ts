import { invalidArgument, PushfleetError } from '@pushfleet/protocol';
import { meter, metrics, networkOf, type SignInLock, type SignInLockPolicy } from '@pushfleet/runtime';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AuditLog } from '../access/audit-log.ts';
import type { ConsoleSession, ConsoleSessions } from '../access/console-sessions.ts';
import type { SignInCodes } from '../access/sign-in-codes.ts';
import { type Caller, signIn, type TokenDirectory } from '../access/token-directory.ts';
import { isSame } from '../access/token-grant.ts';
import { addressOf, isEncrypted } from './peer.ts';

/** The sign-ins of one IPv4 address, or IPv6 network of 64 bits. */
export const consoleSignInPolicy: SignInLockPolicy = {
  ...{ failures: 10, withinMs: 300_000, firstLockMs: 60_000, longestLockMs: 3_600_000 },
  ...{ forgetAfterMs: 7_200_000, keys: 10_000 },
};

export interface SessionRoutesOptions {
  sessions: Pick<ConsoleSessions, 'begin' | 'find' | 'end'>;
  tokens: Pick<TokenDirectory, 'find'>;
  signInCodes: Pick<SignInCodes, 'redeem'>;
  lock: Pick<SignInLock, 'attempt' | 'forgive'>;
  audit: Pick<AuditLog, 'record'>;
  /** The caller's token as `GET /v1/token` shows it. */
  showToken(caller: Caller): unknown;
}

/** Whoever sends a request: by an API token, or by a session of the console. */
export interface SignedIn {
  caller: Caller;
  session?: ConsoleSession;
}

export const sessionCookie = 'pushfleet-session';
const path = '/session';
const bodyBytes = 4_096;
/** Methods that change nothing; whatever else comes with a cookie needs more than the cookie. */
const safeMethods = new Set(['GET', 'HEAD']);

/** Signs the console in and out, by a cookie that pages cannot read. */
export class SessionRoutes {
  readonly #options: SessionRoutesOptions;

  constructor(options: SessionRoutesOptions) {
    this.#options = options;
  }

  /** Adds the routes. They look at cookies alone, and `@fastify/cookie` must be there. */
  addTo(v1: FastifyInstance): void {
    const config = { isOpen: true };
    v1.post(path, { config, bodyLimit: bodyBytes }, (request, reply) => this.#begin(request, reply));
    v1.get(path, { config }, (request, reply) => this.#show(request, reply));
    v1.delete(path, { config }, (request, reply) => this.#end(request, reply));
  }

  /**
   * Whoever sends the request. An API token goes before a cookie.
   * @throws PushfleetError BAD_TOKEN, SESSION_EXPIRED, PERMISSION_DENIED, REGISTRY_UNAVAILABLE
   */
  async authenticate(request: FastifyRequest): Promise<SignedIn> {
    const { authorization } = request.headers;
    const secret = secretOf(request);
    if (authorization !== undefined || secret === undefined) {
      return { caller: signIn(this.#options.tokens, authorization ?? '', 'the header') };
    }
    const session = await this.#sessionOf(secret);
    if (!safeMethods.has(request.method)) assertOwnPage(request, session);
    return { caller: session.caller, session };
  }

  async #begin(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    assertSameOrigin(request);
    const shown = parseSignIn(request.body);
    const { lock, sessions } = this.#options;
    const network = networkOf(request.raw.socket.remoteAddress ?? '');
    const lockedMs = lock.attempt(network);
    if (lockedMs > 0) throw this.#locked(request, lockedMs);
    const caller = await this.#callerOf(shown);
    this.#record(request, caller?.name ?? '', caller ? 'OK' : 'BAD_TOKEN');
    if (!caller) throw badSignIn(shown);
    lock.forgive(network);
    const { secret, session } = await sessions.begin(caller);
    return reply
      .setCookie(sessionCookie, secret, cookieFor(request))
      .header('cache-control', 'no-store')
      .code(201)
      .send(this.#view(session));
  }

  async #callerOf({ kind, secret }: SignIn): Promise<Caller | undefined> {
    return kind === 'token' ? this.#options.tokens.find(secret) : this.#options.signInCodes.redeem(secret);
  }

  #locked(request: FastifyRequest, retryAfterMs: number): PushfleetError {
    meter.count(metrics.lockedSignIns, 'console');
    this.#record(request, '', 'TOO_MANY_ATTEMPTS');
    const words = `too many sign-ins have failed from this address; try again in ${Math.ceil(retryAfterMs / 1_000)} s`;
    return new PushfleetError('TOO_MANY_ATTEMPTS', words, { retryAfterMs });
  }

  async #show(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const secret = secretOf(request);
    if (secret === undefined) throw new PushfleetError('BAD_TOKEN', 'sign in: POST /v1/session with an API token');
    const session = await this.#sessionOf(secret);
    return reply.header('cache-control', 'no-store').send(this.#view(session));
  }

  async #end(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const secret = secretOf(request);
    const session = secret === undefined ? undefined : await this.#options.sessions.find(secret);
    if (secret !== undefined && session) {
      assertOwnPage(request, session);
      await this.#options.sessions.end(secret);
      this.#record(request, session.caller.name, 'OK');
    }
    return reply.clearCookie(sessionCookie, cookieFor(request)).code(204).send();
  }

  /** @throws PushfleetError SESSION_EXPIRED, REGISTRY_UNAVAILABLE */
  async #sessionOf(secret: string): Promise<ConsoleSession> {
    const session = await this.#options.sessions.find(secret);
    if (!session) throw sessionExpired();
    return session;
  }

  #view({ caller, csrfToken, expiresAtMs }: ConsoleSession): object {
    const expireTime = new Date(expiresAtMs).toISOString();
    return { apiToken: this.#options.showToken(caller), csrfToken, expireTime };
  }

  #record(request: FastifyRequest, caller: string, outcome: string): void {
    const [address, method] = [addressOf(request), `${request.method} /v1${path}`];
    this.#options.audit.record({ caller, address, method, target: '', outcome });
  }
}

export function sessionExpired(): PushfleetError {
  return new PushfleetError('SESSION_EXPIRED', 'the session has ended: sign in again');
}

/** The value of the session's cookie; `undefined`: there is none. */
function secretOf({ server, headers }: FastifyRequest): string | undefined {
  return headers.cookie === undefined ? undefined : server.parseCookie(headers.cookie)[sessionCookie];
}

function cookieFor(request: FastifyRequest) {
  return { path: '/', httpOnly: true, sameSite: 'strict', secure: isEncrypted(request) } as const;
}

/** @throws PushfleetError PERMISSION_DENIED: it may come from a page of another site. */
function assertOwnPage(request: FastifyRequest, session: ConsoleSession): void {
  assertSameOrigin(request);
  const shown = request.headers['x-csrf-token'];
  if (typeof shown === 'string' && isSame(shown, session.csrfToken)) return;
  throw new PushfleetError('PERMISSION_DENIED', 'the header X-CSRF-Token must hold the csrfToken of GET /v1/session');
}

/** Browsers say where a request comes from, over TLS and on this machine in one word; other clients say nothing. */
function assertSameOrigin({ headers }: FastifyRequest): void {
  const site = headers['sec-fetch-site'];
  const isForeign = site === undefined ? isForeignOrigin(headers) : site !== 'same-origin' && site !== 'none';
  if (isForeign) throw new PushfleetError('PERMISSION_DENIED', 'the request comes from a page of another site');
}

function isForeignOrigin({ origin, host }: FastifyRequest['headers']): boolean {
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}

interface SignIn {
  kind: 'token' | 'code';
  secret: string;
}

/** @throws PushfleetError INVALID_ARGUMENT */
function parseSignIn(body: unknown): SignIn {
  const isObject = typeof body === 'object' && body !== null;
  const [[kind, secret] = ['', ''], ...others] = isObject ? Object.entries(body) : [];
  const isKnown = kind === 'token' || kind === 'code';
  if (isKnown && typeof secret === 'string' && secret !== '' && others.length === 0) return { kind, secret };
  throw invalidArgument('body', 'a JSON object with either a token or a code');
}

function badSignIn({ kind }: SignIn): PushfleetError {
  meter.count(metrics.failedSignIns, 'token');
  const words = {
    token: 'the API token is unknown, was revoked, or has expired',
    code: 'the link was used before, or is older than five minutes, or its API token has ended',
  } as const;
  return new PushfleetError('BAD_TOKEN', words[kind]);
}
