/** For how long a session that changed hands counts as a takeover. */
export const takeoverMs = 60_000;

/** More are not counted: somebody who asks wants to know whether there are many. */
export const rememberedTakeovers = 16;

/**
 * A session that nobody has opened or asserted for this long is forgotten, so that nothing that was left behind stays
 * for ever. A closed one is remembered for as long: its epoch still counts where the clock is set back.
 */
export const sessionMemoryMs = 24 * 3_600_000;

/** A deleted device is remembered for longer than any ticket of its is good, a day at most, and any session is. */
export const deletionMemoryMs = sessionMemoryMs + 3_600_000;
