/** For how long a session that changed hands counts as a takeover. */
export const takeoverMs = 60_000;

/** More are not counted: somebody who asks wants to know whether there are many. */
export const rememberedTakeovers = 16;
