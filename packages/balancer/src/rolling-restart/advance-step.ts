import type { MaintenanceRecord, RollingRestartStep } from '@pushfleet/registry';
import type { JudgedNode } from '../node-directory.ts';
import { describeNode, isRestartable } from './plan.ts';

/** Time for which a push server whose turn it is may be unfit for a restart, or may take from its restart until it is ready. */
const patienceMs = 60_000;
/** Time for which a push server must be dead, failed or out of reach until it is given up. */
const badForMs = 3_000;

/** The push server whose turn it is, as the leader sees it. Times are those in which the leader could see anything. */
export interface Observation {
  node: JudgedNode | undefined;
  /** Its last drain or restart. */
  maintenance: MaintenanceRecord | undefined;
  /** Time after which the links that it still has are closed. */
  deadlineMs: number;
  /** Why its devices would have nowhere to go; `undefined`: there is room, or nobody minds. */
  noRoom: string | undefined;
  /** Time for which its step has been in its state. */
  inStateMs: number;
  /** Time for which it has had its present status, as long as that. */
  inStatusMs: number;
}

/** The step as it goes on; the same object where nothing changes. Its restart is requested by whoever finds it `chosen`. */
export function advanceStep(step: RollingRestartStep, seen: Observation): RollingRestartStep {
  switch (step.state) {
    case 'waiting':
      return onTurn(step, seen);
    case 'draining':
    case 'restarting':
      return onMaintenance(step, step.state, seen);
    case 'starting':
      return onStarting(step, seen);
    case 'chosen':
    case 'ready':
    case 'failed':
    case 'left-out':
      return step;
    default:
      return step.state satisfies never;
  }
}

function onTurn(step: RollingRestartStep, { node, noRoom, inStateMs }: Observation): RollingRestartStep {
  if (!node || node.status === 'disabled' || node.status === 'draining') {
    return { ...step, state: 'left-out', reason: describeNode(node) };
  }
  const obstacle = isRestartable(node) ? noRoom : describeNode(node);
  if (obstacle === undefined) {
    return { ...step, state: 'chosen', workersBefore: node.workers.map(({ bootId }) => bootId) };
  }
  return inStateMs < patienceMs ? step : failed(step, `cannot be restarted: ${obstacle}`);
}

function onMaintenance(
  step: RollingRestartStep,
  state: 'draining' | 'restarting',
  seen: Observation,
): RollingRestartStep {
  const { node, maintenance, deadlineMs, inStateMs } = seen;
  if (!maintenance || maintenance.id !== step.maintenanceId) {
    return failed(step, 'has not restarted: somebody has ended its restart');
  }
  const { phase, moved, remaining } = maintenance;
  if (phase === 'done') return { ...step, state: 'starting', moved, remaining };
  if (isGone(seen)) return failed(step, `has not restarted: ${describeNode(node)}`);
  if (state === 'draining' && phase === 'restarting') return { ...step, state: 'restarting', moved, remaining };
  const withinMs = patienceMs + (state === 'draining' ? deadlineMs : 0);
  if (inStateMs >= withinMs) {
    return failed(step, `has not restarted within ${withinMs / 1_000} s: ${whyNot[phase]}`);
  }
  const isSame = moved === step.moved && remaining === step.remaining;
  return isSame ? step : { ...step, moved, remaining };
}

const whyNot = {
  requested: 'it has not taken the order up',
  moving: 'its devices have not left',
  waiting: 'its devices have not left',
  restarting: 'its workers have not been replaced',
} as const;

function onStarting(step: RollingRestartStep, seen: Observation): RollingRestartStep {
  const { node, inStateMs } = seen;
  // What is listed may still be from before its restart.
  const isOther = node?.workers.some(({ bootId }) => step.workersBefore?.includes(bootId)) === false;
  if (isOther && node.status === 'ready' && node.liveness === 'alive') return { ...step, state: 'ready' };
  const isUseless = isGone(seen) || (node?.status === 'unreachable' && seen.inStatusMs >= badForMs);
  const isGivenUp = inStateMs >= patienceMs || (isOther && isUseless);
  return isGivenUp ? failed(step, `does not work after its restart: ${describeNode(node)}`) : step;
}

function isGone({ node, inStatusMs }: Observation): boolean {
  return inStatusMs >= badForMs && (node?.liveness === 'dead' || node?.status === 'failed');
}

function failed(step: RollingRestartStep, reason: string): RollingRestartStep {
  return { ...step, state: 'failed', reason };
}
