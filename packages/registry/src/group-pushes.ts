import type { CommandId, common, DeviceId, GroupPath, GroupPushId, Labels } from '@pushfleet/protocol';
import { packOperation, unpackOperation } from '@pushfleet/protocol';
import type { Priority } from './commands.ts';

/** The request of a group push; see group_push.proto. */
export interface GroupPushRequest {
  /** Absent: all devices. */
  group?: GroupPath;
  includeSubgroups: boolean;
  labels: Labels;
  operation: common.Operation;
  deliverWithinMs: number;
  finishWithinMs: number;
  /** 0: direct. */
  ttlMs: number;
  priority: Priority;
  collapseKey: string;
  /** 0: no limit. */
  ratePerSecond: number;
  jitterWindowMs: number;
  /** 0: never. */
  abortFailedPercent: number;
  abortAfter: number;
  idempotencyKey: string;
}

export type GroupPushState = 'running' | 'paused' | 'done' | 'cancelled' | 'aborted';

export interface GroupPushRecord {
  id: GroupPushId;
  request: GroupPushRequest;
  /** `cancelled` and `aborted` from the moment on that no more goes out; `endedAtMs` is set when all has ended. */
  state: GroupPushState;
  reason: string;
  /** Commands for all devices up to this one, in the order of ids, were written before they went out. */
  handedOutTo?: DeviceId;
  devices: number;
  allFound: boolean;
  startedAtMs: number;
  endedAtMs?: number;
}

export interface DeviceOutcome {
  device: DeviceId;
  command: CommandId;
  outcome: common.Outcome;
  reason: string;
  atMs: number;
}

/** The state that an administrator asked for. */
export type DesiredState = 'running' | 'paused' | 'cancelled';

/** How many devices stand at each outcome. */
export type OutcomeCounts = Partial<Record<common.Outcome, number>>;

export interface GroupPushView extends GroupPushRecord {
  counts: OutcomeCounts;
  /** Whoever runs the group push brings it there. */
  desiredState: DesiredState;
}

/** Commands to whole groups, and what has become of them, so that any balancer can go on with one. */
export interface GroupPushes {
  /** `known`: one with the same idempotency key (not empty) is kept; nothing was written. */
  create(record: GroupPushRecord): Promise<{ kind: 'created' | 'known'; view: GroupPushView }>;
  get(id: GroupPushId): Promise<GroupPushView | undefined>;
  /** Newest first, at most 1,000; those that ended more than a day ago are forgotten. */
  list(): Promise<GroupPushView[]>;
  /** Those that have not ended. */
  active(): Promise<GroupPushId[]>;
  /**
   * Writes how it goes, with what has become of devices since; one atomic step of at most 1,000 outcomes. An outcome that
   * has ended is not replaced. `undefined`: somebody with a greater lease token has written, and nothing was written now.
   */
  advance(
    record: GroupPushRecord,
    outcomes: readonly DeviceOutcome[],
    leaseToken: number,
  ): Promise<GroupPushView | undefined>;
  /** `cancelled` stays, whatever is asked for afterwards. `undefined`: there is no such group push. */
  setDesiredState(id: GroupPushId, desiredState: DesiredState): Promise<GroupPushView | undefined>;
  /** In the order of device ids. */
  outcomes(
    id: GroupPushId,
    query: { after?: DeviceId; limit: number; outcomes?: readonly common.Outcome[] },
  ): Promise<DeviceOutcome[]>;
}

/** For how long one that has ended is kept. */
export const keepEndedPushMs = 24 * 3_600_000;

/** `list` answers no more than this. */
export const listedPushes = 1_000;

/** A record as stores keep it: its operation may hold any bytes, and JSON holds none. */
export interface PackedGroupPush {
  json: string;
  operation: Buffer;
}

export function packGroupPush(record: GroupPushRecord): PackedGroupPush {
  const { operation, ...request } = record.request;
  return { json: JSON.stringify({ ...record, request }), operation: packOperation(operation) };
}

export function unpackGroupPush(json: string, operation: Uint8Array): GroupPushRecord {
  const record = JSON.parse(json);
  return { ...record, request: { ...record.request, operation: unpackOperation(operation) } };
}
