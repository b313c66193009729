import type { TunnelId } from '@pushfleet/protocol';

/** Tokens that have been used, for as long as they would be good. In order of use, which is about that of expiry. */
export class UsedTokens {
  readonly #expiresAt = new Map<TunnelId, number>();

  /** `false`: it was used before. */
  use(tunnel: TunnelId, expiresAtMs: number, nowMs: number): boolean {
    for (const [oldest, atMs] of this.#expiresAt) {
      if (atMs > nowMs) break;
      this.#expiresAt.delete(oldest);
    }
    if (this.#expiresAt.has(tunnel)) return false;
    this.#expiresAt.set(tunnel, expiresAtMs);
    return true;
  }
}
