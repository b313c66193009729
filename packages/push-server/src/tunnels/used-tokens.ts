import { limits, type TunnelId, tunnelToken } from '@pushfleet/protocol';

/** No token is good for longer, however far the clocks of this machine and of the balancer's are apart. */
const keptMs = (tunnelToken.lifetimeS + 2 * limits.clockToleranceS) * 1_000;

/** Tokens that have been used, for as long as they would be good; in order of use. */
export class UsedTokens {
  readonly #usedAtMs = new Map<TunnelId, number>();

  /** `false`: it was used before. */
  use(tunnel: TunnelId, nowMs: number): boolean {
    for (const [oldest, usedAtMs] of this.#usedAtMs) {
      if (nowMs - usedAtMs < keptMs) break;
      this.#usedAtMs.delete(oldest);
    }
    if (this.#usedAtMs.has(tunnel)) return false;
    this.#usedAtMs.set(tunnel, nowMs);
    return true;
  }
}
