import type { AdminClient, AdminClientOptions } from '@pushfleet/admin-sdk';
import type { KnownProcess } from '../measure/cluster-sampler.ts';

/** The cluster under load, and what may be done to it. */
export interface LoadTarget {
  admin: AdminClient;
  /** Options for another client of the same API. */
  connection: AdminClientOptions;
  /** URLs of the balancers that devices ask. */
  balancers: readonly string[];
  /** PEM of the CAs that devices trust. */
  ca: string;
  /** Group below which the devices get one of their own; push servers serve it. */
  parentGroup: string;
  /** It is on this machine. */
  isLocal: boolean;
  /** Processes that were started for the run, or that the operator has named. */
  processes(): readonly KnownProcess[];
  /** Ends a push server at once, workers included; `undefined`: it may not be killed. */
  killPushServer: ((nodeId: string) => Promise<void>) | undefined;
  /** The push server that is to be killed; `undefined`: the one with the most links. */
  victim: string | undefined;
  /** The process that is to be paused; `undefined`: of those with the role, the one with the most links. */
  victimPid: number | undefined;
  /** Group that is served by all push servers but the one of `parentGroup`; `undefined`: there is none. */
  othersGroup: string | undefined;
  /** It ends with the run: nothing has to be cleaned up. */
  isDisposable: boolean;
}
