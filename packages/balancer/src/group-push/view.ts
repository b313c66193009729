import { type admin, common } from '@pushfleet/protocol';
import type {
  DeviceOutcome,
  GroupPushRequest,
  GroupPushState,
  GroupPushView,
  OutcomeCounts,
} from '@pushfleet/registry';
import { priorityNames } from '../commands/command-record.ts';
import { briefOperation } from '../commands/list-commands.ts';

const states = {
  running: 'GROUP_PUSH_STATE_RUNNING',
  paused: 'GROUP_PUSH_STATE_PAUSED',
  done: 'GROUP_PUSH_STATE_DONE',
  cancelled: 'GROUP_PUSH_STATE_CANCELLED',
  aborted: 'GROUP_PUSH_STATE_ABORTED',
} as const satisfies Record<GroupPushState, admin.GroupPushState>;

export function viewGroupPush(view: GroupPushView): admin.GroupPushInit {
  const { id, request, state, reason, devices, allFound, counts, startedAtMs, endedAtMs = 0 } = view;
  return {
    groupPushId: id,
    request: viewRequest(request),
    state: states[state],
    reason,
    devices,
    allFound,
    counts: viewCounts(counts),
    startedAtMs,
    endedAtMs,
  };
}

/** A group push for lists and watches, which would repeat it: without what may be large. */
export function summarizeGroupPush(view: GroupPushView): admin.GroupPushInit {
  const { custom } = view.request.operation;
  const operation: common.Operation = custom
    ? { kind: 'custom', custom: { ...custom, payload: Buffer.alloc(0) } }
    : briefOperation(view.request.operation);
  return viewGroupPush({ ...view, request: { ...view.request, operation } });
}

export function viewOutcome({ device, command, outcome, reason, atMs }: DeviceOutcome): admin.DeviceOutcomeInit {
  return { deviceId: device, commandId: command, outcome, reason, atMs };
}

function viewRequest(request: GroupPushRequest): admin.PushToGroupRequestInit {
  const { group = '', includeSubgroups, labels, operation, idempotencyKey, priority } = request;
  const { deliverWithinMs, finishWithinMs, ttlMs, collapseKey } = request;
  const { ratePerSecond, jitterWindowMs, abortFailedPercent, abortAfter } = request;
  const ofDurable = ttlMs === 0 ? {} : { priority: priorityNames[priority], collapseKey };
  return {
    group,
    excludeSubgroups: !includeSubgroups,
    labels: { ...labels },
    operation,
    delivery: { deliverWithinMs, finishWithinMs, ttlMs, ...ofDurable },
    pace: { commandsPerSecond: ratePerSecond, jitterWindowMs, abortFailedPercent, abortAfter },
    idempotencyKey,
  };
}

/** The outcomes that devices have come to, in the order of the enum. */
function viewCounts(counts: OutcomeCounts): admin.OutcomeCountInit[] {
  return Object.values(common.Outcome).flatMap((outcome) => {
    const devices = counts[outcome] ?? 0;
    return devices === 0 ? [] : [{ outcome, devices }];
  });
}
