import type { Revocation } from '@pushfleet/runtime';

/** The certificates of members of the cluster that are good no more. Members read them every two seconds. */
export interface Revocations {
  /** Adds those that are not there. Those whose certificates would have ended by now may be forgotten. */
  add(revocations: readonly Revocation[]): Promise<void>;
  /** By serial number. */
  list(): Promise<Revocation[]>;
}
