import type { admin } from '@pushfleet/protocol';
import type { MaintenanceRecord, RebalanceRecord } from '@pushfleet/registry';
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
