import type { BootId, GroupPath, NodeId, WorkerId } from '@pushfleet/protocol';
import type { HeartbeatDelta, RedisCredentials } from '@pushfleet/registry';
import type { RedirectTarget } from '../session/session.ts';

/** Messages from a supervisor to its worker, over the process' IPC channel. */
export type ToWorker =
  | { kind: 'start'; task: WorkerTask }
  /** Shows these from now on to whoever connects; links and channels that are open stay. A process gets them before it starts. */
  | { kind: 'use-credentials'; credentials: WorkerCredentials }
  /** Takes devices on this port too; answered by `listener`. With the socket to take them from, if another worker has left one. */
  | { kind: 'open-listener'; port: number }
  /** Takes no more devices on the port, redirects those that came over it to `target`, then cuts off who is left. */
  | { kind: 'close-listener'; port: number; target?: RedirectTarget; ratePerSecond: number }
  /** Sets the capacity, and redirects `shed` devices, or more where more are too many. */
  | { kind: 'set-capacity'; capacity: number; shed: number; ratePerSecond: number }
  /** Sets the groups that are served, and redirects devices of other groups. */
  | { kind: 'set-scope'; groups: GroupPath[]; ratePerSecond: number }
  /** Takes no more devices, and redirects those that are here. */
  | { kind: 'evacuate'; ratePerSecond: number }
  /** Redirects no more devices. Listeners stay closed until they are opened again. */
  | { kind: 'cancel-evacuation' }
  /** Takes no more devices, and keeps those that are here: another worker has taken the place of this one. */
  | { kind: 'stop-listening' }
  /** Takes no more devices on any port until that is opened again: this worker is full, and others are not. */
  | { kind: 'pause-listening' }
  | { kind: 'close-links' }
  /** Runs on under this boot id, and asserts every session under it. */
  | { kind: 'reassert'; bootId: BootId }
  /** Redirects the devices, all of them within `withinMs`, then stops. */
  | { kind: 'drain'; withinMs: number }
  /** Shows once a second that the supervisor is not hung. */
  | { kind: 'keep-alive' };

/** The credentials of a push server's workers, as text: its supervisor reads the files for all of them. */
export interface WorkerCredentials {
  /** PEM. */
  server: { cert: string; key: string };
  /** PEM. */
  cluster: { cert: string; key: string; ca: string };
  /** Base64. */
  ticketSecret: string;
  redis: RedisCredentials;
}

export interface WorkerTask {
  nodeId: NodeId;
  workerId: WorkerId;
  bootId: BootId;
  capacity: number;
  groups: GroupPath[];
  /** How many new devices it is taken to accept in a second until it has measured it. */
  acceptsPerSecond: number;
}

/** Messages from a worker to its supervisor. */
export type FromWorker =
  /** Shows once a second, from the worker's first line on, that it is not hung. */
  | { kind: 'keep-alive' }
  /** `certificate`: the chain that devices are shown, PEM; absent where links have no TLS. */
  | { kind: 'ready'; controlAddress: string; certificate?: string }
  /** The chain that devices are shown from now on, as in `ready`. */
  | { kind: 'certificate'; certificate?: string }
  /** The answer to `open-listener`, with the socket on which it listens; `problem`: the port is not open. */
  | { kind: 'listener'; port: number; problem?: string }
  /** Sent several times a second; `delta` and `redirected` count from the last one on. */
  | {
      kind: 'load';
      live: number;
      delta: HeartbeatDelta;
      redirected: number;
      /** How many new devices it can take in a second. */
      acceptsPerSecond: number;
      overloaded: boolean;
    }
  /** Sent once a second: all metrics of the worker, as its meter reads them. */
  | { kind: 'metrics'; reading: number[] }
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
