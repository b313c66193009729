/**
 * A lease that has lapsed is remembered for so long, and then forgotten: each group push has its own. Its last token
 * counts only where the clock is set back, because the next one is at least the clock.
 */
export const leaseMemoryMs = 24 * 3_600_000;
