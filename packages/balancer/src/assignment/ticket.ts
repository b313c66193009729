import { generateKeyPairSync } from 'node:crypto';
import { type DeviceId, type GroupPath, limits, type NodeId, type TunnelId, tunnelToken } from '@pushfleet/protocol';
import type { TicketKey, TicketKeys } from '@pushfleet/registry';
import { type Clock, type KeyCertification, type Logger, thumbprintOf } from '@pushfleet/runtime';
import { createSigner } from 'fast-jwt';

const publishEveryMs = 5_000;
/** The key stays published for this much longer than a ticket that is signed now is good, also where clocks are apart. */
const marginMs = 2 * limits.clockToleranceS * 1_000;

export interface TicketClaims {
  device: DeviceId;
  group: GroupPath;
  /** The push servers at which the ticket is good. */
  nodes: readonly NodeId[];
  /** See StoredDevice. */
  generation: number;
}

export interface Ticket {
  token: string;
  /** By this balancer's wall clock. */
  expiresAtMs: number;
  lifetimeMs: number;
}

export interface TicketSignerOptions {
  keys: Pick<TicketKeys, 'publish'>;
  /** Certifies the key with this thumbprint, anew each time it is published: the certificate may have been replaced. */
  certify(thumbprint: string): KeyCertification | undefined;
  lifetimeMs: number;
  clock: Clock;
  logger: Logger;
}

/**
 * Signs tickets with a key of its own and keeps its public half published, beyond its own end: push servers accept a
 * ticket after the balancer that signed it has gone.
 */
export class TicketSigner implements Disposable {
  readonly #options: TicketSignerOptions;
  readonly #key: TicketKey;
  readonly #signTicket: (claims: object) => string;
  readonly #signTunnelToken: (claims: object) => string;
  #publishedUntilMs = Number.NEGATIVE_INFINITY;
  #publishing: Promise<void> | undefined;
  #timer: Disposable | undefined;

  constructor(options: TicketSignerOptions) {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const jwk = publicKey.export({ format: 'jwk' });
    const kid = thumbprintOf({ ...jwk });
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const settings = { key, algorithm: 'EdDSA', kid } as const;
    this.#options = options;
    this.#key = { kid, jwk: { ...jwk, kid, alg: 'EdDSA', use: 'sig' } };
    this.#signTicket = createSigner(settings);
    this.#signTunnelToken = createSigner({ ...settings, header: { alg: 'EdDSA', typ: tunnelToken.type } });
  }

  async start(): Promise<void> {
    const publish = () =>
      this.#publish().catch((error: unknown) => {
        this.#options.logger.warn({ err: error }, 'the ticket key could not be published');
      });
    this.#timer = this.#options.clock.every(publishEveryMs, () => void publish());
    await publish();
  }

  /** @throws PushfleetError REGISTRY_UNAVAILABLE where the key cannot be published: nobody could verify the ticket. */
  async sign({ device, group, nodes, generation }: TicketClaims): Promise<Ticket> {
    const { clock, lifetimeMs } = this.#options;
    const atMs = clock.wallMs();
    // JWT times are whole seconds; rounded down, so that no ticket is good for longer than its key.
    const expiresAtMs = Math.floor((atMs + lifetimeMs) / 1_000) * 1_000;
    await this.#ensurePublished(expiresAtMs - atMs);
    const token = this.#signTicket({
      ...{ sub: device, grp: group, gen: generation, aud: nodes },
      ...commonClaims(atMs, expiresAtMs),
    });
    return { token, expiresAtMs, lifetimeMs: expiresAtMs - atMs };
  }

  /** Lets the device come for its end of one tunnel, once. @throws PushfleetError as `sign` */
  async signTunnelToken(device: DeviceId, tunnel: TunnelId): Promise<string> {
    const atMs = this.#options.clock.wallMs();
    const lifetimeMs = tunnelToken.lifetimeS * 1_000;
    await this.#ensurePublished(lifetimeMs);
    return this.#signTunnelToken({
      ...{ sub: device, jti: tunnel, aud: tunnelToken.audience },
      ...commonClaims(atMs, atMs + lifetimeMs),
    });
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
  }

  /** The key is published for as long as what is signed now is good. */
  async #ensurePublished(lifetimeMs: number): Promise<void> {
    if (this.#publishedUntilMs < this.#options.clock.now() + lifetimeMs) await this.#publish();
  }

  #publish(): Promise<void> {
    const { keys, certify, clock, lifetimeMs } = this.#options;
    const { kid, jwk } = this.#key;
    const untilMs = clock.now() + lifetimeMs + marginMs;
    this.#publishing ??= keys
      .publish({ kid, jwk: { ...jwk, certification: certify(kid) } }, lifetimeMs + marginMs)
      .then(() => {
        this.#publishedUntilMs = untilMs;
      })
      .finally(() => {
        this.#publishing = undefined;
      });
    return this.#publishing;
  }
}

function commonClaims(atMs: number, expiresAtMs: number) {
  return { iss: 'pushfleet', iat: Math.floor(atMs / 1_000), exp: Math.floor(expiresAtMs / 1_000) };
}
