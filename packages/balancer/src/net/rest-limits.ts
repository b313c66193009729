import { type ConnectionLimits, connectionLimitsFor } from '@pushfleet/runtime';

/** The part of the process' open files that the connections of the REST port may take. */
const share = 0.05;
/** Whoever asks after a balancer's health asks and goes. */
const restConnections = 256;

/** Limits of the REST port's connections; all of them may be unauthenticated. */
export function restLimits(fileLimit: number): ConnectionLimits {
  const { connections } = connectionLimitsFor({
    fileLimit,
    share,
    unauthenticated: 0,
    unauthenticatedPerAddress: 0,
  });
  const most = Math.min(restConnections, connections);
  return { connections: most, unauthenticated: most, unauthenticatedPerAddress: most };
}
