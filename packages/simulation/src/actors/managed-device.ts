import type { device as wire } from '@pushfleet/protocol';
import type { SimulatedProcess } from '../world/process.ts';

/** A command that a device has begun with: the device's own log, which nothing erases. */
export interface Run {
  command: string;
  atMs: number;
  /** The process that ran it: the same device may have had others. */
  readonly process: SimulatedProcess;
  /** Absent: it has not ended, or its process ended before. */
  ending?: 'succeeded' | 'failed' | 'given up';
}

/** A device as the rules see it, whatever runs on it. */
export interface ManagedDevice {
  readonly id: string;
  /** The hosts from which it connects: one, or several with the same id. */
  readonly hostNames: readonly string[];
  readonly runs: readonly Run[];
  /** It has not been deleted. */
  readonly isWanted: boolean;
  /** Some messages end its links, whatever the cluster does; it comes back at once. */
  readonly isFragile: boolean;
  /** Whether it knows of all that it has ever run. */
  readonly remembers: boolean;
  /** Whether it may give a command up when it is cancelled. */
  readonly givesUp: boolean;
  /** Whether it was connected all the time between the two. */
  wasConnected(fromMs: number, untilMs: number): boolean;
  /** The end of the link that it had at `atMs`. */
  linkEndAfter(atMs: number): number | undefined;
  /** Hears of each command that is begun. */
  onRun: (run: Run) => void;
  /** Hears all that push servers say to it, and to which of its processes. */
  onServerMessage: (message: wire.ConnectResponse, process: string) => void;
}

export function secretOf(id: string): string {
  return `secret-of-${id}-0123456789`;
}
