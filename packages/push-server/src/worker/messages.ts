import type { BootId, GroupPath, NodeId, WorkerId } from '@pushfleet/protocol';
import type { HeartbeatDelta } from '@pushfleet/registry';
import type { Elsewhere } from '../session/session.ts';

/** What a supervisor tells its worker, over the process' IPC channel. */
export type ToWorker =
  | { kind: 'start'; task: WorkerTask }
  /** Take devices on this port too; answered by `listener`. */
  | { kind: 'open-listener'; port: number }
  /** Take no more devices there, tell those that came in that way to go to `moveTo`, then cut off who is left. */
  | { kind: 'close-listener'; port: number; moveTo?: Elsewhere; ratePerSecond: number }
  /** So many are sent elsewhere, or more where more are too many. */
  | { kind: 'set-capacity'; capacity: number; shed: number; ratePerSecond: number }
  /** Devices of other groups are told to leave. */
  | { kind: 'set-scope'; groups: GroupPath[]; ratePerSecond: number }
  /** Take no more devices, and tell those that are here to leave. */
  | { kind: 'send-away'; ratePerSecond: number }
  /** Those that were not told to leave yet may stay. Listeners stay closed until they are opened again. */
  | { kind: 'stay' }
  | { kind: 'close-links' }
  /** Live on under this boot id, and assert every session under it. */
  | { kind: 'reassert'; bootId: BootId }
  /** Send the devices elsewhere, all of them within `withinMs`, then stop. */
  | { kind: 'drain'; withinMs: number }
  /** The supervisor is not hung: once a second. */
  | { kind: 'alive' };

export interface WorkerTask {
  nodeId: NodeId;
  workerId: WorkerId;
  bootId: BootId;
  capacity: number;
  groups: GroupPath[];
}

/** What a worker tells its supervisor. */
export type FromWorker =
  /** The worker is not hung: once a second, from its first line on. */
  | { kind: 'alive' }
  /** `certificate`: the chain that devices are shown, PEM; absent where links have no TLS. */
  | { kind: 'ready'; controlAddress: string; certificate?: string }
  /** How an `open-listener` went; `problem`: it is not open. */
  | { kind: 'listener'; port: number; problem?: string }
  /** Several times a second; the news, and how many were told to leave, are what has happened since the last one. */
  | { kind: 'load'; live: number; news: HeartbeatDelta; told: number }
  | { kind: 'failed'; message: string };

export function isToWorker(message: unknown): message is ToWorker {
  return hasKind(message);
}

export function isFromWorker(message: unknown): message is FromWorker {
  return hasKind(message);
}

/** Both ends are of one version and one process family: the tag tells our messages from anybody else's. */
function hasKind(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'kind' in message;
}
