import type { CommandId, common, DeviceId, Epoch, PushfleetError } from '@pushfleet/protocol';
import type { SessionRef } from './sessions.ts';

export type Priority = 'low' | 'normal' | 'high';

/** A durable command as it is accepted. Times are counted from acceptance, by the registry's clock. */
export interface NewCommand {
  /** `isDurable`. A second `put` of the same id changes nothing. */
  id: CommandId;
  device: DeviceId;
  operation: common.Operation;
  priority: Priority;
  /** Empty: none. */
  collapseKey: string;
  /** Empty: none. */
  idempotencyKey: string;
  /** A digest of all that its caller asked for. Empty: it is not compared; see `PutResult`. */
  fingerprint: string;
  ttlMs: number;
  /** At least `ttlMs`. */
  finishWithinMs: number;
}

/** How much may wait for one device, and for how long what has ended is kept. */
export interface QueuePolicy {
  /** The number of commands that have not ended, at most. */
  maxCommands: number;
  /** The size of their operations together, at most; see `operationBytes`. */
  maxBytes: number;
  /** How many may be on their way to the device, unconfirmed. */
  window: number;
  keepEndedMs: number;
}

/** The status of a command. Times are milliseconds since the Unix epoch, by the registry's clock. */
export interface StoredStatus {
  outcome: common.Outcome;
  reason: string;
  atMs: number;
  output?: Uint8Array;
  progress?: common.Progress;
  statistics?: common.Statistics;
  alreadyEnded?: boolean;
  cancelRequested?: boolean;
}

export interface StoredCommand extends Omit<NewCommand, 'ttlMs' | 'finishWithinMs' | 'fingerprint'> {
  status: StoredStatus;
  /** The push server that it went to last; empty: none yet. */
  nodeId: string;
  acceptedAtMs: number;
  deliverByMs: number;
  finishByMs: number;
  routedAtMs?: number;
  deliveredAtMs?: number;
  runningAtMs?: number;
}

/** A command as the registry has confirmed it once; see `Commands.restore`. */
export interface ConfirmedCommand extends StoredCommand {
  /** That of `NewCommand`. Empty: it is not compared. */
  fingerprint: string;
}

export type PutResult =
  /** It waits: the device is away, or `window` commands are on their way to it. */
  | { kind: 'queued'; command: StoredCommand; session: SessionRef | undefined }
  /** It is ROUTED to the open session: the caller hands it to that worker, at once. */
  | { kind: 'routed'; command: StoredCommand; session: SessionRef }
  /** The same id or idempotency key has been put before; nothing was written. */
  | { kind: 'known'; command: StoredCommand }
  /** The same id or idempotency key has been put before, with another fingerprint; nothing was written. */
  | { kind: 'conflict'; id: CommandId }
  /** The queue is full, and nothing in it is less urgent. */
  | { kind: 'full' }
  /** The device was deleted. */
  | { kind: 'deleted' };

/** Nobody knows whether it was written. Put again under the same id, it is known or written. */
export interface FailedPut {
  kind: 'failed';
  /** REGISTRY_UNAVAILABLE. */
  error: PushfleetError;
}

/** A command that a worker is to send now. */
export interface TakenCommand {
  id: CommandId;
  operation: common.Operation;
  /** The time that is left to deliver it; to finish it, where the device confirmed it before. At least 1. */
  deliverWithinMs: number;
  finishWithinMs: number;
  /** It may have been sent before. */
  redelivered: boolean;
  cancelRequested: boolean;
  /** An attempt to send it has failed: it is sent last, and while nothing else is on its way to the device. */
  failedBefore: boolean;
}

/** A change in the life of a command, as the worker knows it that had taken the command or was handed it. */
export type StatusUpdate = { device: DeviceId; id: CommandId } & (
  | { kind: 'delivered' }
  | { kind: 'running'; progress?: common.Progress; statistics?: common.Statistics }
  | ({ kind: 'ended' } & Omit<StoredStatus, 'atMs' | 'cancelRequested' | 'progress'>)
  /**
   * It was never written to the link of that session, and never will be: QUEUED again at its old place, unless that session
   * is not the last it was taken by. What an earlier session may have sent stays ROUTED, and the next `take` has it. One
   * that is to be cancelled, or is past its `deliverByMs`, ends as CANCELLED or EXPIRED instead.
   */
  | { kind: 'released'; epoch: Epoch }
  /**
   * The link of that session ended with the command on the wire, and not by our doing; said once for each session. The
   * command steps back: it goes to the next session after all others, and out of the window. Where it was `alone` and
   * its failed attempts weigh `attemptWeight.limit` together, it ends for that reason: as REJECTED, or as
   * OUTCOME_UNKNOWN if the device has ever confirmed it.
   */
  | { kind: 'attempt-failed'; epoch: Epoch; weight: number; alone: boolean; reason: string }
);

/**
 * The result of a status update. `stale`: it says nothing new, above all because the command has ended. `unknown`: there is no such command. `failed`:
 * the registry did not answer, and nobody knows whether the update was applied; sent again, it is `applied` or `stale`.
 */
export interface StatusUpdateResult {
  verdict: 'applied' | 'stale' | 'unknown' | 'failed';
  /** The status after the update, where the update alone does not say it: `stale`, `released`, `attempt-failed`. */
  status: StoredStatus | undefined;
  /** There are commands that wait for the device, and there is room in the window; or one was released: `take` has something. */
  more: boolean;
}

export const failedUpdate = { verdict: 'failed', status: undefined, more: false } as const satisfies StatusUpdateResult;

export type CancelResult =
  | { kind: 'unknown' }
  /** It was QUEUED, and now it is CANCELLED: nobody will ever send it. */
  | { kind: 'cancelled'; command: StoredCommand }
  /** It is on its way or with the device, and marked as to be cancelled. */
  | { kind: 'asked'; command: StoredCommand; session: SessionRef | undefined }
  | { kind: 'ended'; command: StoredCommand };

/** The place of a command that has ended among the others of its device; see `listEnded`. */
export interface EndedPlace {
  keptUntilMs: number;
  id: CommandId;
}

/** Size of the commands in one answer of `listEnded` together, but for the last one of them. */
export const endedPageBytes = 2_097_152;

/**
 * Durable commands. What is said of one device is atomic: its commands, and its session, change together. Outcomes rise
 * in rank and never change once they are final: the first one stays.
 *
 * Time alone ends commands, whoever looks: one that is QUEUED when its `deliverByMs` passes is EXPIRED; one that was
 * taken and has no result when its `finishByMs` passes is OUTCOME_UNKNOWN. One that was taken and is not confirmed when its
 * `deliverByMs` passes is not sent again and leaves the window; a late result still counts. What has ended is forgotten
 * `keepEndedMs` later, or when 1,000 others of its device have ended that are kept longer.
 * Once it has ended, its operation is kept without a payload of more than 4 KiB.
 */
export interface Commands {
  /**
   * Writes a command before it is accepted. With a collapse key it ends a QUEUED one with the same key of the same device
   * as SUPERSEDED; where the queue is full it ends the last QUEUED ones of lower priorities so, as many as it needs. If the device's session is
   * open and fewer than `window` of its commands are unconfirmed, and none waits that goes before, it is ROUTED there.
   */
  put(command: NewCommand, policy: QueuePolicy): Promise<PutResult>;
  /** Each as `put`, in this order, together much faster. Some may fail while others are written; rejects where all fail. */
  putMany(commands: readonly NewCommand[], policy: QueuePolicy): Promise<(PutResult | FailedPut)[]>;
  /**
   * The commands that the worker with the session `epoch` is to send, best first, at most `limit`: first all that earlier
   * sessions have taken and that has not ended (not what was never confirmed and is past its `deliverByMs`), then QUEUED
   * ones while there is room in the window; these are ROUTED from now on; last what has failed before. Of those that this very session has taken,
   * only such as were ROUTED more than 5 s ago and not confirmed since: whoever has them drops them. Nothing where a
   * later session is known, or this one as closed. `more`: ask again.
   */
  take(
    device: DeviceId,
    epoch: Epoch,
    window: number,
    limit: number,
  ): Promise<{ commands: TakenCommand[]; more: boolean }>;
  /**
   * Answers in the same order. Each update is atomic; those of one device are applied in their order. Some may fail while
   * others are applied; rejects where all fail.
   */
  updateStatus(updates: readonly StatusUpdate[], window: number): Promise<StatusUpdateResult[]>;
  cancel(device: DeviceId, id: CommandId, reason: string): Promise<CancelResult>;
  /**
   * Writes again what the registry has confirmed, and may have lost since. One that is there changes only where `status` is an end and it
   * has none. One that is missing is written with the times that it had, whatever room there is: as it ended; otherwise as one that
   * an earlier session may have sent, which goes to the next `take` and never ends as one that nobody sent. An older one that is
   * QUEUED with its collapse key is SUPERSEDED, as it was before. Left out is what would be forgotten by now, and what is of a
   * device that was deleted. Rejects where any fails: asked again, what was written is there.
   */
  restore(commands: readonly ConfirmedCommand[], keepEndedMs: number): Promise<void>;
  get(device: DeviceId, id: CommandId): Promise<StoredCommand | undefined>;
  /** In the same order. */
  getMany(refs: readonly { device: DeviceId; id: CommandId }[]): Promise<(StoredCommand | undefined)[]>;
  /** Those of a device that have not ended, in the order in which they are sent; taken ones first. */
  list(device: DeviceId): Promise<StoredCommand[]>;
  /**
   * Those of a device that have ended and are kept, behind `after`: first the one that is kept longest, as a rule the one
   * that ended last. At most `limit`, and no more once they have `endedPageBytes` together. Outputs and statistics of
   * more than 4 KiB are left out. `next`: the place of the last one; `undefined`: there are no more.
   */
  listEnded(
    device: DeviceId,
    limit: number,
    after?: EndedPlace,
  ): Promise<{ commands: StoredCommand[]; next: EndedPlace | undefined }>;
  /**
   * Devices with an open session whose commands should have been sent, or confirmed, `olderThanMs` ago: somebody died on
   * the way. Looks at up to `limit` of the devices that have commands, and goes on with others the next time.
   */
  overdue(olderThanMs: number, limit: number): Promise<{ device: DeviceId; session: SessionRef }[]>;
}
