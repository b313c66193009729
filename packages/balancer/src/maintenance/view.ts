import type { admin, NodeId } from '@pushfleet/protocol';
import type {
  MaintenanceRecord,
  RebalanceRecord,
  RollingRestartRecord,
  RollingRestartStep,
  RollingRestartView,
} from '@pushfleet/registry';
import type { Move } from '../rebalance/plan.ts';

const kinds = {
  drain: 'MAINTENANCE_KIND_DRAIN',
  restart: 'MAINTENANCE_KIND_RESTART',
} as const satisfies Record<MaintenanceRecord['kind'], admin.MaintenanceKind>;

const phases = {
  requested: 'MAINTENANCE_PHASE_REQUESTED',
  moving: 'MAINTENANCE_PHASE_MOVING',
  waiting: 'MAINTENANCE_PHASE_WAITING',
  restarting: 'MAINTENANCE_PHASE_RESTARTING',
  done: 'MAINTENANCE_PHASE_DONE',
} as const satisfies Record<MaintenanceRecord['phase'], admin.MaintenancePhase>;

const states = {
  running: 'REBALANCE_STATE_RUNNING',
  done: 'REBALANCE_STATE_DONE',
  aborted: 'REBALANCE_STATE_ABORTED',
} as const satisfies Record<RebalanceRecord['state'], admin.RebalanceState>;

const causes = {
  asked: 'REBALANCE_CAUSE_ASKED',
  spread: 'REBALANCE_CAUSE_SPREAD',
  'node joined': 'REBALANCE_CAUSE_NODE_JOINED',
} as const satisfies Record<RebalanceRecord['cause'], admin.RebalanceCause>;

export function viewMaintenance(record: MaintenanceRecord): admin.MaintenanceInit {
  const { nodeId, id, kind, phase, moved, remaining, startedAtMs, endedAtMs = 0 } = record;
  return {
    nodeId,
    maintenanceId: id,
    kind: kinds[kind],
    phase: phases[phase],
    moved,
    remaining,
    startedAtMs,
    endedAtMs,
  };
}

/** The maintenance of a push server that nobody has drained or restarted, or whose drain was ended. */
export function viewNoMaintenance(nodeId: NodeId): admin.MaintenanceInit {
  return { nodeId, phase: 'MAINTENANCE_PHASE_NONE' };
}

export function viewRebalance(record: RebalanceRecord): admin.RebalanceInit {
  const { id, state, moves, cause, startedAtMs, endedAtMs = 0 } = record;
  return {
    rebalanceId: id,
    state: states[state],
    moves: moves.map((move) => viewMove(move, move.redirected)),
    cause: causes[cause],
    startedAtMs,
    endedAtMs,
  };
}

export function viewMove({ from, to, devices }: Move, redirected: number): admin.RebalanceMoveInit {
  return { fromNodeId: from, toNodeId: to, devices, redirected };
}

export function viewRollingRestart(view: RollingRestartView): admin.RollingRestartInit {
  const { id, reason, steps, startedAtMs, endedAtMs = 0 } = view;
  return {
    ...{ rollingRestartId: id, state: restartState(view), reason, startedAtMs, endedAtMs },
    steps: steps.map(viewRollingRestartStep),
  };
}

export function viewRollingRestartStep(step: RollingRestartStep): admin.RollingRestartStepInit {
  const { nodeId, state, reason, devices, room, moved, remaining, startedAtMs = 0, endedAtMs = 0 } = step;
  return { nodeId, state: stepStates[state], reason, devices, room, moved, remaining, startedAtMs, endedAtMs };
}

/** The state that was asked for shows at once, before the leader has taken it up. */
function restartState({ state, desiredState, endedAtMs }: RollingRestartView): admin.RollingRestartState {
  if (endedAtMs !== undefined || desiredState === 'running') return restartStates[state];
  return desiredState === 'paused' ? 'ROLLING_RESTART_STATE_PAUSED' : 'ROLLING_RESTART_STATE_CANCELLING';
}

const restartStates = {
  running: 'ROLLING_RESTART_STATE_RUNNING',
  rebalancing: 'ROLLING_RESTART_STATE_REBALANCING',
  done: 'ROLLING_RESTART_STATE_DONE',
  failed: 'ROLLING_RESTART_STATE_FAILED',
  cancelled: 'ROLLING_RESTART_STATE_CANCELLED',
} as const satisfies Record<RollingRestartRecord['state'], admin.RollingRestartState>;

const stepStates = {
  waiting: 'ROLLING_RESTART_STEP_STATE_WAITING',
  chosen: 'ROLLING_RESTART_STEP_STATE_DRAINING',
  draining: 'ROLLING_RESTART_STEP_STATE_DRAINING',
  restarting: 'ROLLING_RESTART_STEP_STATE_RESTARTING',
  starting: 'ROLLING_RESTART_STEP_STATE_RESTARTING',
  ready: 'ROLLING_RESTART_STEP_STATE_READY',
  failed: 'ROLLING_RESTART_STEP_STATE_FAILED',
  'left-out': 'ROLLING_RESTART_STEP_STATE_LEFT_OUT',
} as const satisfies Record<RollingRestartStep['state'], admin.RollingRestartStepState>;
