import type {
  RollingRestart,
  RollingRestartState,
  RollingRestartStep,
  RollingRestartStepState,
} from '../../api/messages.ts';
import { formatEnum, formatInteger } from '../../app/format.ts';
import { ProgressBar } from '../../components/load-bar.tsx';
import { StatusBadge, type Tone } from '../../components/status-badge.tsx';

const stateTones: Readonly<Record<RollingRestartState, Tone>> = {
  ROLLING_RESTART_STATE_UNSPECIFIED: 'none',
  ROLLING_RESTART_STATE_RUNNING: 'busy',
  ROLLING_RESTART_STATE_PAUSED: 'warn',
  ROLLING_RESTART_STATE_REBALANCING: 'busy',
  ROLLING_RESTART_STATE_CANCELLING: 'warn',
  ROLLING_RESTART_STATE_DONE: 'good',
  ROLLING_RESTART_STATE_FAILED: 'bad',
  ROLLING_RESTART_STATE_CANCELLED: 'warn',
};

const stepTones: Readonly<Record<RollingRestartStepState, Tone>> = {
  ROLLING_RESTART_STEP_STATE_UNSPECIFIED: 'none',
  ROLLING_RESTART_STEP_STATE_WAITING: 'none',
  ROLLING_RESTART_STEP_STATE_DRAINING: 'busy',
  ROLLING_RESTART_STEP_STATE_RESTARTING: 'busy',
  ROLLING_RESTART_STEP_STATE_READY: 'good',
  ROLLING_RESTART_STEP_STATE_FAILED: 'bad',
  ROLLING_RESTART_STEP_STATE_LEFT_OUT: 'warn',
};

export function isUnderWay({ endedAt }: RollingRestart): boolean {
  return endedAt === undefined;
}

export function RollingRestartBadge({ rolling: { state } }: { rolling: RollingRestart }) {
  return <StatusBadge tone={stateTones[state]}>{formatEnum(state, 'ROLLING_RESTART_STATE')}</StatusBadge>;
}

/** How many of those that are to restart have done so. */
export function RollingRestartBar({ rolling: { state, steps } }: { rolling: RollingRestart }) {
  const counted = steps.filter((step) => step.state !== 'ROLLING_RESTART_STEP_STATE_LEFT_OUT');
  const restarted = counted.filter((step) => step.state === 'ROLLING_RESTART_STEP_STATE_READY').length;
  const isBad = state === 'ROLLING_RESTART_STATE_FAILED';
  const tone = isBad ? 'bad' : state === 'ROLLING_RESTART_STATE_DONE' ? 'good' : 'accent';
  return (
    <ProgressBar label="Push servers restarted" value={restarted} max={counted.length} tone={tone}>
      {`${formatInteger(restarted)} of ${formatInteger(counted.length)} restarted`}
    </ProgressBar>
  );
}

export function StepBadge({ step: { state } }: { step: RollingRestartStep }) {
  return <StatusBadge tone={stepTones[state]}>{formatEnum(state, 'ROLLING_RESTART_STEP_STATE')}</StatusBadge>;
}

/** How its devices leave, while they do; else how many have left, or what is wrong. */
export function StepProgress({ step: { nodeId, state, reason, moved, remaining } }: { step: RollingRestartStep }) {
  if (reason !== '') return reason;
  if (state === 'ROLLING_RESTART_STEP_STATE_DRAINING') {
    return (
      <ProgressBar label={`Devices that leave ${nodeId}`} value={moved} max={moved + remaining}>
        {`${formatInteger(moved)} told to leave · ${formatInteger(remaining)} still linked`}
      </ProgressBar>
    );
  }
  return state === 'ROLLING_RESTART_STEP_STATE_WAITING' ? '–' : `${formatInteger(moved)} moved away`;
}
