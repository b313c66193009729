import type { DeviceId, Epoch } from '@pushfleet/protocol';
import type { Sessions, WorkerRef } from '@pushfleet/registry';
import type { AttendedTime, Barrier, Clock, Logger } from '@pushfleet/runtime';
import type { Elsewhere, ReportEffect } from '../session/session.ts';
import type { Ticket } from '../tickets/ticket.ts';
import type { Verdict } from '../tickets/verifier.ts';
import type { LinkEntry } from './link-entry.ts';
import type { SessionCloser } from './session-closer.ts';

/** What the links of a worker need around them. */
export interface LinkSurroundings {
  self: WorkerRef;
  capacity: number;
  sessions: Sessions;
  closer: SessionCloser;
  verifyTicket(token: string): Promise<Verdict>;
  /** A place elsewhere, for a device that finds no room here or must leave. */
  findElsewhere(ticket: Ticket): Promise<Elsewhere | undefined>;
  evict(device: DeviceId, epoch: Epoch, from: WorkerRef): void;
  report(said: ReportEffect, from: LinkEntry): void;
  /** Durable commands wait for a device whose session has just been opened. */
  onCommandsWaiting(device: DeviceId): void;
  barrier: Barrier;
  clock: Clock;
  /** By it devices are judged. */
  attended: AttendedTime;
  logger: Logger;
}
