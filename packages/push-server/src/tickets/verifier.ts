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
import type { TicketKeys } from '@pushfleet/registry';
import type { Clock } from '@pushfleet/runtime';
import { type CryptoKey, errors, importJWK, type JWK, type JWTPayload, jwtVerify } from 'jose';
import type { Ticket } from '../session/session.ts';

export type TicketVerdict = { kind: 'good'; ticket: Ticket } | { kind: 'bad'; reason: CloseReason };

/** A balancer's permission for a device to connect its end of a tunnel. */
export interface TunnelPass {
  device: DeviceId;
  tunnel: TunnelId;
}

/** A balancer that has just started publishes a key that is not known here; asking more often than this helps nobody. */
const refreshEveryMs = 1_000;

/** Checks tickets with the balancers' published keys, which it holds: a device that connects costs no round trip. */
export class TicketVerifier {
  readonly #keys: TicketKeys;
  readonly #node: NodeId;
  readonly #clock: Clock;
  #known = new Map<string, CryptoKey>();
  #refreshedAtMs = Number.NEGATIVE_INFINITY;
  #refreshing: Promise<void> | undefined;

  constructor(keys: TicketKeys, node: NodeId, clock: Clock) {
    this.#keys = keys;
    this.#node = node;
    this.#clock = clock;
  }

  async verify(token: string): Promise<TicketVerdict> {
    try {
      const { payload } = await jwtVerify(token, (header) => this.#keyOf(header.kid), {
        algorithms: ['EdDSA'],
        issuer: 'pushfleet',
        audience: this.#node,
        currentDate: new Date(this.#clock.wallMs()),
        clockTolerance: limits.clockToleranceS,
        requiredClaims: ['exp', 'sub', 'grp'],
      });
      return { kind: 'good', ticket: readClaims(payload) };
    } catch (error) {
      return { kind: 'bad', reason: reasonOf(error) };
    }
  }

  /** `undefined`: the token is not, or no longer, good. Does not check whether it has been used before. */
  async verifyTunnel(token: string): Promise<TunnelPass | undefined> {
    try {
      const { payload } = await jwtVerify(token, (header) => this.#keyOf(header.kid), {
        algorithms: ['EdDSA'],
        issuer: 'pushfleet',
        audience: tunnelToken.audience,
        typ: tunnelToken.type,
        currentDate: new Date(this.#clock.wallMs()),
        clockTolerance: limits.clockToleranceS,
        requiredClaims: ['exp', 'sub', 'jti'],
      });
      return { device: parseDeviceId(payload.sub), tunnel: parseTunnelId(payload.jti) };
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

  async #keyOf(kid: string | undefined): Promise<CryptoKey> {
    if (kid === undefined) throw new errors.JWTInvalid('no kid');
    if (!this.#known.has(kid) && this.#clock.now() - this.#refreshedAtMs >= refreshEveryMs) await this.refresh();
    const key = this.#known.get(kid);
    if (!key) throw new errors.JWTInvalid('unknown kid');
    return key;
  }

  async #fetch(): Promise<void> {
    this.#refreshedAtMs = this.#clock.now();
    const published = await this.#keys.list();
    const known = new Map<string, CryptoKey>();
    for (const { kid, jwk } of published) {
      known.set(kid, this.#known.get(kid) ?? ((await importJWK(jwk as JWK, 'EdDSA')) as CryptoKey));
    }
    this.#known = known;
  }
}

function readClaims(payload: JWTPayload): Ticket {
  const audience = typeof payload.aud === 'string' ? [payload.aud] : (payload.aud ?? []);
  return {
    device: parseDeviceId(payload.sub),
    group: readGroup(payload.grp),
    nodes: audience.map((node) => parseNodeId(node)),
    generation: readGeneration(payload.gen),
  };
}

/** Takes the group as the balancer that signed the ticket found it in the registry, where the spelling may be that of a former version. */
function readGroup(group: unknown): GroupPath {
  if (typeof group !== 'string') throw new errors.JWTInvalid('no group');
  return group as GroupPath;
}

/** @throws TypeError */
function readGeneration(claim: unknown): number {
  if (claim === undefined) return 0;
  if (!Number.isSafeInteger(claim) || (claim as number) < 0) throw new TypeError('gen: not a whole number');
  return claim as number;
}

function reasonOf(error: unknown): CloseReason {
  if (error instanceof errors.JWTExpired) return 'ticketExpired';
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud') return 'ticketForAnotherNode';
  return 'ticketInvalid';
}
