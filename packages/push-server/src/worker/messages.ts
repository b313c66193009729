import type { BootId, NodeId, WorkerId } from '@pushfleet/protocol';
import type { BeatNews } from '@pushfleet/registry';

/** What a supervisor tells its worker, over the process' IPC channel. */
export type ToWorker =
  | { kind: 'start'; task: WorkerTask }
  /** Send the devices elsewhere, all of them within `withinMs`, then stop. */
  | { kind: 'drain'; withinMs: number };

export interface WorkerTask {
  nodeId: NodeId;
  workerId: WorkerId;
  bootId: BootId;
  /** The push server port; every worker listens on it. */
  port: number;
  capacity: number;
}

/** What a worker tells its supervisor. */
export type FromWorker =
  | { kind: 'ready'; controlAddress: string }
  /** Several times a second. */
  | { kind: 'load'; live: number; news: BeatNews }
  | { kind: 'failed'; message: string };

export function isToWorker(message: unknown): message is ToWorker {
  return typeof message === 'object' && message !== null && 'kind' in message;
}

export function isFromWorker(message: unknown): message is FromWorker {
  return typeof message === 'object' && message !== null && 'kind' in message;
}
