/**
 * Who may do what only one may do. Times are the registry's own. Every operation is atomic. A lease that nobody has held
 * for a day is forgotten.
 */
export interface Leases {
  /**
   * Takes the lease, or renews it, for `ttlMs` from now. The token is greater than every token that anyone else was ever
   * given for this lease, so that a write that carries it can be told from one of an earlier holder. `undefined`: another
   * one holds it.
   */
  hold(name: LeaseName, holder: string, ttlMs: number): Promise<number | undefined>;
  /** Gives it up. `false`: it was not, or no longer, held by `holder`. */
  release(name: LeaseName, holder: string): Promise<boolean>;
}

/**
 * `housekeeping`: rebalancing, reaping, and telling of suspect and dead push servers. `group-push:…`: running that group
 * push. `migration`: taking the data to another layout.
 */
export type LeaseName = 'housekeeping' | 'migration' | `group-push:${string}`;

/**
 * A lease that has lapsed is remembered for so long, and then forgotten: each group push has its own. Its last token
 * counts only where the clock is set back, because the next one is at least the clock.
 */
export const leaseMemoryMs = 24 * 3_600_000;
