import { addressOfPeer, type DeviceSignIn, type DeviceSignIns } from '@pushfleet/runtime';
import type { TicketVerdict, TicketVerifier, TunnelPass } from './verifier.ts';

/**
 * Checks tickets as the verifier does, unless too many from there, or of that device, were not signed by a balancer: then none is looked at for
 * a while. One that has expired, is void or is for another push server was a good one: that is no guess.
 */
export class GuardedTickets {
  readonly #verifier: Pick<TicketVerifier, 'verify' | 'verifyTunnel'>;
  readonly #signIns: DeviceSignIns;

  constructor(verifier: Pick<TicketVerifier, 'verify' | 'verifyTunnel'>, signIns: DeviceSignIns) {
    this.#verifier = verifier;
    this.#signIns = signIns;
  }

  /** @param remote Address and port of the client. */
  async verify(token: string, remote: string): Promise<TicketVerdict> {
    const signIn = this.#begin(token, remote);
    if (!signIn) return { kind: 'bad', reason: 'tooManyAttempts' };
    const verdict = await this.#verifier.verify(token);
    if (verdict.kind === 'good') this.#signIns.succeed(signIn);
    else if (verdict.reason !== 'ticketInvalid') this.#signIns.forgive(signIn);
    return verdict;
  }

  /** The same of a tunnel token. `undefined`: it is not, or no longer, good, or was not looked at. */
  async verifyTunnel(token: string, remote: string): Promise<TunnelPass | undefined> {
    const signIn = this.#begin(token, remote);
    if (!signIn) return undefined;
    const pass = await this.#verifier.verifyTunnel(token);
    if (pass) this.#signIns.succeed(signIn);
    return pass;
  }

  /** `undefined`: too many were bad. */
  #begin(token: string, remote: string): DeviceSignIn | undefined {
    const signIn = { address: addressOfPeer(remote), identity: claimedDevice(token) };
    return this.#signIns.begin(signIn) > 0 ? undefined : signIn;
  }
}

/** The device that a ticket names, before anything of it is checked; empty: none. */
function claimedDevice(token: string): string {
  try {
    const payload = token.slice(token.indexOf('.') + 1, token.lastIndexOf('.'));
    const { sub } = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return typeof sub === 'string' ? sub.slice(0, 128) : '';
  } catch {
    return '';
  }
}
