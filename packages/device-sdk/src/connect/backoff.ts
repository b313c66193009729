export interface Backoff {
  baseMs: number;
  capMs: number;
}

export const defaultBackoff: Backoff = { baseMs: 1_000, capMs: 60_000 };

/**
 * How long to wait before attempt `attempt` (from 0): full jitter, a random time in [0, min(cap, base * 2^attempt)), so
 * that a fleet that lost its server in one moment does not come back in one moment. A server's retry-after is waited
 * out before.
 */
export function backoffMs(attempt: number, backoff: Backoff, random: () => number, retryAfterMs = 0): number {
  // Beyond 2^30 the product means nothing but the cap.
  const windowMs = Math.min(backoff.capMs, backoff.baseMs * 2 ** Math.min(attempt, 30));
  return retryAfterMs + random() * windowMs;
}
