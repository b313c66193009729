import { type DeviceId, type GroupPath, type NodeId, type TunnelId, tunnelToken } from '@pushfleet/protocol';
import type { TicketKey, TicketKeys } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';

const publishEveryMs = 5_000;
/** The key stays published for this much longer than a ticket that is signed now is good. */
const marginMs = 60_000;

export interface TicketClaims {
  device: DeviceId;
  group: GroupPath;
  /** Where the ticket is good. */
  nodes: readonly NodeId[];
}

export interface Ticket {
  token: string;
  expiresAtMs: number;
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
  #publishedUntilMs = 0;
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
  async sign({ device, group, nodes }: TicketClaims): Promise<Ticket> {
    const nowMs = this.#options.clock.now();
    // JWT times are whole seconds; rounded down, so that no ticket is good for longer than its key.
    const expiresAt = Math.floor((nowMs + this.#options.lifetimeMs) / 1_000);
    const jwt = new SignJWT({ grp: group })
      .setProtectedHeader({ alg: 'EdDSA', kid: this.#key.kid })
      .setSubject(device)
      .setAudience([...nodes]);
    return { token: await this.#sign(jwt, nowMs, expiresAt), expiresAtMs: expiresAt * 1_000 };
  }

  /** Lets the device come for its end of one tunnel, once. @throws PushfleetError as `sign` */
  signTunnelToken(device: DeviceId, tunnel: TunnelId): Promise<string> {
    const nowMs = this.#options.clock.now();
    const jwt = new SignJWT({})
      .setProtectedHeader({ alg: 'EdDSA', kid: this.#key.kid, typ: tunnelToken.type })
      .setSubject(device)
      .setAudience(tunnelToken.audience)
      .setJti(tunnel);
    return this.#sign(jwt, nowMs, Math.floor(nowMs / 1_000) + tunnelToken.lifetimeS);
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
  }

  async #sign(jwt: SignJWT, nowMs: number, expiresAt: number): Promise<string> {
    if (this.#publishedUntilMs < expiresAt * 1_000) await this.#publish();
    return jwt
      .setIssuer('pushfleet')
      .setIssuedAt(Math.floor(nowMs / 1_000))
      .setExpirationTime(expiresAt)
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
