import { createPublicKey, hash } from 'node:crypto';
import {
  type CloseReason,
  type DeviceId,
  type GroupPath,
  limits,
  type NodeId,
  parseDeviceId,
  parseNodeId,
  parseTunnelId,
  type TunnelId,
  tunnelToken,
} from '@pushfleet/protocol';
import type { PushServerRegistry, TicketKey } from '@pushfleet/registry';
import type { Clock, KeyJudge, Refusal } from '@pushfleet/runtime';
import { createVerifier } from 'fast-jwt';
import type { Ticket } from '../session/session.ts';

export type TicketVerdict = { kind: 'good'; ticket: Ticket } | { kind: 'bad'; reason: CloseReason };

/** A balancer's permission for a device to connect its end of a tunnel. */
export interface TunnelPass {
  device: DeviceId;
  tunnel: TunnelId;
}

type Claims = Readonly<Record<string, unknown>>;

/** One balancer's published key: each function checks a token's form, algorithm and signature, and answers its claims, or throws. */
interface KnownKey {
  readTicket(token: string): Claims;
  readTunnelToken(token: string): Claims;
}

/** Whether a published key is a balancer's; push servers do not believe the registry. */
export interface KeyJudgement {
  judge: KeyJudge['judge'];
  onRefused(refusal: Refusal): void;
}

/** A balancer that has just started publishes a key that is not known here; asking more often than this helps nobody. */
const refreshEveryMs = 1_000;

/** Tickets whose signature is remembered; the one that was added first is forgotten first. Each takes 80 bytes. */
const maxProven = 50_000;

/** Checks tickets with the balancers' published keys, which it holds: a device that connects costs no round trip. */
export class TicketVerifier {
  readonly #keys: PushServerRegistry['ticketKeys'];
  readonly #node: NodeId;
  readonly #clock: Clock;
  readonly #judgement: KeyJudgement;
  #known = new Map<string, KnownKey>();
  /**
   * Digests of tickets whose signatures were checked with keys in `#known`. A device whose link broke comes back with the ticket
   * that it has: its digest and its claims cost 3 µs, its signature 140.
   */
  readonly #proven = new Set<string>();
  #refreshedAtMs = Number.NEGATIVE_INFINITY;
  #refreshing: Promise<void> | undefined;

  constructor(keys: PushServerRegistry['ticketKeys'], node: NodeId, clock: Clock, judgement: KeyJudgement) {
    this.#keys = keys;
    this.#node = node;
    this.#clock = clock;
    this.#judgement = judgement;
  }

  async verify(token: string): Promise<TicketVerdict> {
    try {
      const key = await this.#keyOf(token);
      const claims = this.#readTicket(token, key);
      checkClaims(claims, this.#node, this.#clock.wallMs());
      return { kind: 'good', ticket: readTicket(claims) };
    } catch (error) {
      return { kind: 'bad', reason: error instanceof BadClaim ? error.reason : 'ticketInvalid' };
    }
  }

  /** `undefined`: the token is not, or no longer, good. Does not check whether it has been used before. */
  async verifyTunnel(token: string): Promise<TunnelPass | undefined> {
    try {
      const key = await this.#keyOf(token);
      const claims = key.readTunnelToken(token);
      checkClaims(claims, tunnelToken.audience, this.#clock.wallMs());
      return { device: parseDeviceId(claims.sub), tunnel: parseTunnelId(claims.jti) };
    } catch {
      return undefined;
    }
  }

  /** Fetches the published keys. Keys stay in use while the registry does not answer. */
  async refresh(): Promise<void> {
    this.#refreshing ??= this.#fetch().finally(() => {
      this.#refreshing = undefined;
    });
    await this.#refreshing;
  }

  #readTicket(token: string, key: KnownKey): Claims {
    const digest = hash('sha256', token, 'binary');
    if (this.#proven.has(digest)) return claimsOf(token);
    const claims = key.readTicket(token);
    this.#proven.add(digest);
    if (this.#proven.size > maxProven) for (const oldest of this.#proven.values().take(1)) this.#proven.delete(oldest);
    return claims;
  }

  async #keyOf(token: string): Promise<KnownKey> {
    const kid = keyIdOf(token);
    if (kid === undefined) throw new BadClaim('ticketInvalid');
    if (!this.#known.has(kid) && this.#clock.now() - this.#refreshedAtMs >= refreshEveryMs) await this.refresh();
    const key = this.#known.get(kid);
    if (!key) throw new BadClaim('ticketInvalid');
    return key;
  }

  async #fetch(): Promise<void> {
    this.#refreshedAtMs = this.#clock.now();
    const published = this.#certified(await this.#keys.list());
    const former = this.#known;
    this.#known = new Map(published.map((key) => [key.kid, former.get(key.kid) ?? importKey(key)]));
    // Under the same name another key may come.
    if ([...former.keys()].some((kid) => !this.#known.has(kid))) this.#proven.clear();
  }

  /** Those that balancers have certified, whose certificates are still good. Of the others one at a time is told. */
  #certified(published: readonly TicketKey[]): TicketKey[] {
    const { judge, onRefused } = this.#judgement;
    const refusals = published.map(({ kid, jwk }) => judge(kid, jwk, jwk.certification));
    const [refusal] = refusals.filter((one) => one !== undefined);
    if (refusal) onRefused(refusal);
    return published.filter((_, index) => refusals[index] === undefined);
  }
}

/** The key that the token says it is signed with. Read by itself: the library would decode the claims as well, twice. @throws SyntaxError */
function keyIdOf(token: string): string | undefined {
  const header: unknown = JSON.parse(Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString());
  const { kid } = (header ?? {}) as { kid?: unknown };
  return typeof kid === 'string' ? kid : undefined;
}

/** @param token One whose form and signature were found good. */
function claimsOf(token: string): Claims {
  const payload = token.slice(token.indexOf('.') + 1, token.lastIndexOf('.'));
  return JSON.parse(Buffer.from(payload, 'base64url').toString());
}

/** Times are checked by `checkClaims`: the library knows no clock but the machine's. */
function importKey({ jwk }: TicketKey): KnownKey {
  const key = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const options = { key, algorithms: ['EdDSA' as const], ignoreExpiration: true, ignoreNotBefore: true };
  return {
    readTicket: createVerifier(options),
    readTunnelToken: createVerifier({ ...options, checkTyp: tunnelToken.type }),
  };
}

/** A claim that is missing, or not as it must be. */
class BadClaim extends Error {
  readonly reason: CloseReason;

  constructor(reason: CloseReason) {
    super(reason);
    this.reason = reason;
  }
}

/** The registered claims of RFC 7519, apart from the subject. @throws BadClaim */
function checkClaims({ iss, aud, exp, nbf, iat }: Claims, audience: string, nowMs: number): void {
  const nowS = Math.floor(nowMs / 1_000);
  const isFor = aud === audience || (Array.isArray(aud) && aud.includes(audience));
  if (typeof exp !== 'number' || iss !== 'pushfleet') throw new BadClaim('ticketInvalid');
  if (!isFor) throw new BadClaim('ticketForAnotherNode');
  if (iat !== undefined && typeof iat !== 'number') throw new BadClaim('ticketInvalid');
  if (nbf !== undefined && (typeof nbf !== 'number' || nbf > nowS + limits.clockToleranceS)) {
    throw new BadClaim('ticketInvalid');
  }
  if (exp <= nowS - limits.clockToleranceS) throw new BadClaim('ticketExpired');
}

function readTicket({ sub, aud, grp, gen }: Claims): Ticket {
  return {
    device: parseDeviceId(sub),
    group: readGroup(grp),
    nodes: [aud].flat().map((node) => parseNodeId(node)),
    generation: readGeneration(gen),
  };
}

/** Takes the group as the balancer that signed the ticket found it in the registry, where the spelling may be that of a former version. */
function readGroup(group: unknown): GroupPath {
  if (typeof group !== 'string') throw new BadClaim('ticketInvalid');
  return group as GroupPath;
}

function readGeneration(claim: unknown): number {
  if (claim === undefined) return 0;
  if (!Number.isSafeInteger(claim) || (claim as number) < 0) throw new BadClaim('ticketInvalid');
  return claim as number;
}
