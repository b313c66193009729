/** The rules by which devices get their turns. Percentages are whole, because scripts in Redis share them. */
export const slotLimits = {
  /** A less loaded push server is still preferred where its slot is later than the earliest one by this, */
  toleranceMs: 2_000,
  /** and by this share of the time until then: rates are measured, and a storm is to end balanced. */
  tolerancePercent: 25,
  /** Slots are given faster than devices are taken by this much: not all devices come. */
  pacePercent: 110,
  /**
   * An overloaded push server gets no device that is assigned now before this time has passed. It recovers within as long, and slots that
   * were given stay: where there is no other push server, nobody would come in the rest of a longer time.
   */
  overloadedMs: 2_000,
  /** No slot is further away, so that a ticket is still good then. */
  longestMs: 480_000,
  /** Whoever has to wait for less need not wait: the listener's queue takes such a burst. */
  atOnceMs: 250,
} as const;

/** The rate of a worker, in links a second, where its push server has not measured it yet, or its version does not say. */
export const defaultAcceptsPerSecond = 200;

/**
 * The earliest slot on a push server.
 * @param nextSlotMs That which the registry keeps, by the same clock as `nowMs`; 0: none was given yet.
 */
export function earliestSlot(nowMs: number, nextSlotMs: number, isOverloaded: boolean): number {
  const openMs = isOverloaded ? nowMs + slotLimits.overloadedMs : nowMs;
  return Math.min(Math.max(openMs, nextSlotMs), nowMs + slotLimits.longestMs);
}

/** The slot after this one, on a push server that takes so many devices in a second. */
export function slotAfter(slotMs: number, acceptsPerSecond: number): number {
  return slotMs + (1_000 * 100) / (slotLimits.pacePercent * acceptsPerSecond);
}

/** The latest slot that is as good as the earliest of all. */
export function latestGoodSlot(nowMs: number, earliestMs: number): number {
  const { toleranceMs, tolerancePercent } = slotLimits;
  return earliestMs + toleranceMs + ((earliestMs - nowMs) * tolerancePercent) / 100;
}

/** How long a device waits before it connects. */
export function connectAfterMs(nowMs: number, slotMs: number): number {
  const waitMs = slotMs - nowMs;
  return waitMs < slotLimits.atOnceMs ? 0 : Math.round(waitMs);
}
