import { type DeviceId, type GroupPath, limits, type NodeId, type TunnelId, tunnelToken } from '@pushfleet/protocol';
import type { TicketKey, TicketKeys } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';

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
  keys: TicketKeys;
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
  readonly #privateKey: CryptoKey;
  readonly #key: TicketKey;
  #publishedUntilMs = Number.NEGATIVE_INFINITY;
  #publishing: Promise<void> | undefined;
  #timer: Disposable | undefined;

  static async create(options: TicketSignerOptions): Promise<TicketSigner> {
    const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
    const jwk = await exportJWK(publicKey);
    const kid = await calculateJwkThumbprint(jwk);
    return new TicketSigner(options, privateKey, { kid, jwk: { ...jwk, kid, alg: 'EdDSA', use: 'sig' } });
  }

  private constructor(options: TicketSignerOptions, privateKey: CryptoKey, key: TicketKey) {
    this.#options = options;
    this.#privateKey = privateKey;
    this.#key = key;
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
    const jwt = new SignJWT({ grp: group, gen: generation })
      .setProtectedHeader({ alg: 'EdDSA', kid: this.#key.kid })
      .setSubject(device)
      .setAudience([...nodes]);
    const token = await this.#sign(jwt, atMs, expiresAtMs);
    return { token, expiresAtMs, lifetimeMs: expiresAtMs - atMs };
  }

  /** Lets the device come for its end of one tunnel, once. @throws PushfleetError as `sign` */
  signTunnelToken(device: DeviceId, tunnel: TunnelId): Promise<string> {
    const atMs = this.#options.clock.wallMs();
    const jwt = new SignJWT({})
      .setProtectedHeader({ alg: 'EdDSA', kid: this.#key.kid, typ: tunnelToken.type })
      .setSubject(device)
      .setAudience(tunnelToken.audience)
      .setJti(tunnel);
    return this.#sign(jwt, atMs, atMs + tunnelToken.lifetimeS * 1_000);
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
  }

  /** @param atMs Now, as `expiresAtMs`, by the wall clock. */
  async #sign(jwt: SignJWT, atMs: number, expiresAtMs: number): Promise<string> {
    if (this.#publishedUntilMs < this.#options.clock.now() + expiresAtMs - atMs) await this.#publish();
    return jwt
      .setIssuer('pushfleet')
      .setIssuedAt(Math.floor(atMs / 1_000))
      .setExpirationTime(Math.floor(expiresAtMs / 1_000))
      .sign(this.#privateKey);
  }

  #publish(): Promise<void> {
    const { keys, clock, lifetimeMs } = this.#options;
    const untilMs = clock.now() + lifetimeMs + marginMs;
    this.#publishing ??= keys
      .publish(this.#key, lifetimeMs + marginMs)
      .then(() => {
        this.#publishedUntilMs = untilMs;
      })
      .finally(() => {
        this.#publishing = undefined;
      });
    return this.#publishing;
  }
}
