/** Versions of a service, from the oldest that a process speaks to the newest. */
export interface SpokenVersions {
  oldest: number;
  newest: number;
}

/**
 * The versions of NodeControlService that this program speaks. A field that can be passed over is no new version. What cannot is one, and
 * the release that brings it still speaks the one before: a cluster is upgraded process by process.
 */
export const controlVersions: SpokenVersions = { oldest: 1, newest: 1 };

/** The newest version that both speak; or, where there is none, who is to be upgraded, as the end of a sentence about the peer. */
export function agreeOnVersion(own: SpokenVersions, peer: SpokenVersions): number | { refusal: string } {
  const newest = Math.min(own.newest, peer.newest);
  if (newest >= Math.max(own.oldest, peer.oldest)) return newest;
  const which = peer.newest < own.oldest ? 'that one' : 'this one';
  return { refusal: `speaks ${rangeOf(peer)} of the control protocol, and this one ${rangeOf(own)}: upgrade ${which}` };
}

function rangeOf({ oldest, newest }: SpokenVersions): string {
  return oldest === newest ? `version ${newest}` : `versions ${oldest} to ${newest}`;
}
