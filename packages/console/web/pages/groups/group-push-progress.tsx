import type { GroupPush, GroupPushState } from '../../api/messages.ts';
import { formatEnum, formatInteger, formatPercent } from '../../app/format.ts';
import { outcomeWords } from '../../app/outcomes.ts';
import { ProgressBar } from '../../components/load-bar.tsx';
import { StatusBadge, type Tone } from '../../components/status-badge.tsx';

const stateTones: Readonly<Record<GroupPushState, Tone>> = {
  GROUP_PUSH_STATE_UNSPECIFIED: 'none',
  GROUP_PUSH_STATE_RUNNING: 'busy',
  GROUP_PUSH_STATE_PAUSED: 'warn',
  GROUP_PUSH_STATE_DONE: 'good',
  GROUP_PUSH_STATE_CANCELLED: 'none',
  GROUP_PUSH_STATE_ABORTED: 'bad',
};

export function GroupPushBadge({ state }: { state: GroupPushState }) {
  return <StatusBadge tone={stateTones[state]}>{formatEnum(state, 'GROUP_PUSH_STATE')}</StatusBadge>;
}

/** True where nothing of it changes any more. */
export function hasEnded({ state }: GroupPush): boolean {
  return (
    state === 'GROUP_PUSH_STATE_DONE' || state === 'GROUP_PUSH_STATE_CANCELLED' || state === 'GROUP_PUSH_STATE_ABORTED'
  );
}

/** How many of the devices have an outcome that is the last one. */
export function GroupPushBar({ push }: { push: GroupPush }) {
  const ended = push.counts.reduce(
    (sum, { outcome, devices }) => sum + (outcomeWords[outcome].isFinal ? devices : 0),
    0,
  );
  const share = push.devices === 0 ? Number(hasEnded(push)) : ended / push.devices;
  const hasFailures = push.counts.some(({ outcome, devices }) => devices > 0 && isFailure(outcome));
  return (
    <ProgressBar
      label="Devices that have answered"
      value={share}
      max={1}
      tone={hasFailures ? 'warn' : push.state === 'GROUP_PUSH_STATE_DONE' ? 'good' : 'accent'}
    >
      {`${formatPercent(share)} · ${formatInteger(ended)} of ${formatInteger(push.devices)}${push.allFound ? '' : '+'}`}
    </ProgressBar>
  );
}

export function isFailure(outcome: GroupPush['counts'][number]['outcome']): boolean {
  const { isFinal, tone } = outcomeWords[outcome];
  return isFinal && (tone === 'bad' || tone === 'warn');
}
