import type { AssignConnections } from '../device/assigner.ts';
import type { LeanLinkKind } from '../device/link.ts';
import type { LagFigures } from '../report/process-samples.ts';
import type { Recording } from '../report/recording.ts';

/** Everything about the devices of a fleet, the same for each of its processes. */
export interface FleetTask {
  /** Ids are this and a number, from 0 on: `load-7f3a-0`. */
  idPrefix: string;
  devices: number;
  secret: string;
  /** One kind for all devices, or several in turn. */
  links: readonly LeanLinkKind[];
  balancers: readonly string[];
  /** PEM of the CAs that are trusted. */
  ca: string;
  /** Links have no TLS. */
  plain: boolean;
  keepAliveMs: number;
  patienceMs: number;
  ignoreConnectAfter: boolean;
  resumption: boolean;
  assignConnections: AssignConnections;
  /** Number of addresses, from 127.0.0.1 on, over which connections to this machine are spread. */
  addresses: number;
  allowRemote: boolean;
  /** Absent: all processes of the fleet are alike. */
  witnesses?: Witnesses | undefined;
}

/**
 * Devices `from` to before `to`, whose commands are measured while the others come: the first process has them, and nothing else to do. The
 * other processes are less urgent to the operating system than it and than the servers, as if they were on other machines.
 */
export interface Witnesses {
  from: number;
  to: number;
}

export type ToFleet =
  /** `startedUs`: when the run began, by `machineUs`. */
  | { kind: 'setup'; task: FleetTask; process: number; processes: number; startedUs: number }
  /** Devices `from` to before `to` come one after the other, the first at `startUs` by `machineUs`. */
  | { kind: 'connect'; from: number; to: number; startUs: number; perSecond: number }
  /**
   * Each second such a share of the devices that are up says goodbye and comes back. 0: none any more.
   * `asks`: without their tickets, so that they ask a balancer first.
   */
  | { kind: 'churn'; shareOfASecond: number; asks: boolean }
  | { kind: 'ask'; id: number; question: FleetQuestion }
  | { kind: 'close' };

/** `flush`: says all that has been counted so far. `links`: which devices are up, and where. */
export type FleetQuestion = 'flush' | 'links';

export type FromFleet =
  | { kind: 'ready' }
  | { kind: 'tick'; tick: FleetTick }
  | { kind: 'answer'; id: number; links: FleetLinks | undefined }
  /** All links have ended. */
  | { kind: 'closed' };

/** Devices that are up: numbers of devices, by the id of their push server. */
export type FleetLinks = Record<string, Uint32Array>;

/** Events of one process since its tick before, and its present state. */
export interface FleetTick {
  process: number;
  recording: Recording;
  /** Devices that are up. */
  live: number;
  /** Devices that have been told to wait for their turn so far, and the longest that one was told. */
  paced: number;
  longestPacedMs: number;
  /** Since the process began. */
  lag: LagFigures;
}
