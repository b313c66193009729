import { renderDuration } from '../options/option-values.ts';
import { type Finding, ok, problem, skipped, warning } from './finding.ts';

/** The difference that tickets and tunnel tokens tolerate. */
const toleranceMs = 60_000;
/** A clock that is kept by NTP is far nearer. */
const keptMs = 1_000;
const synchronize = 'timedatectl set-ntp true (systemd-timesyncd), or chronyc makestep; then timedatectl';

/** Judges whether the wall clock was set while it was looked at. */
export function checkClockStep({ wallMs, monotonicMs }: { wallMs: number; monotonicMs: number }): Finding {
  const check = 'clock';
  const stepMs = Math.round(wallMs - monotonicMs);
  if (Math.abs(stepMs) < keptMs / 2) return ok(check, 'it goes evenly');
  const meaning = `it was set by ${signed(stepMs)} within the ${(monotonicMs / 1_000).toFixed(1)} s that this took: something keeps setting it`;
  return warning(check, meaning, `${synchronize}; let one program alone set the clock`);
}

export interface ClockOfAnother {
  check: string;
  whose: string;
  /** How far the other one is ahead; `undefined`: it does not say. */
  aheadMs: number | undefined;
  errorMs: number;
}

/** Judges the difference of this machine's clock and another one's. */
export function checkClockSkew({ check, whose, aheadMs, errorMs }: ClockOfAnother): Finding {
  if (aheadMs === undefined) return skipped(check, `${whose} does not tell its time`);
  const surelyMs = Math.max(0, Math.abs(aheadMs) - errorMs);
  const found = `that of ${whose} is ${signed(aheadMs)} from this one's (give or take ${renderDuration(Math.max(1, errorMs))})`;
  if (surelyMs > toleranceMs) {
    const meaning = `${found}: tickets and certificates are judged wrongly beyond 60 s`;
    return problem(check, meaning, `on whichever is wrong: ${synchronize}`);
  }
  if (surelyMs > keptMs) return warning(check, found, `on whichever is wrong: ${synchronize}`);
  return ok(check, found);
}

/** Judges the clocks of push servers, as they were in their last heartbeats. */
export function checkNodeClocks(nodes: readonly { nodeId: string; aheadMs: number | undefined }[]): Finding {
  const check = 'clocks of push servers';
  const known = nodes.flatMap(({ nodeId, aheadMs }) => (aheadMs === undefined ? [] : [{ nodeId, aheadMs }]));
  if (known.length === 0) return skipped(check, 'none of them speaks');
  const apart = known.filter(({ aheadMs }) => Math.abs(aheadMs) > toleranceMs);
  if (apart.length === 0) return ok(check, `${known.length} within a minute of this one`);
  const list = apart.map(({ nodeId, aheadMs }) => `${nodeId} (${signed(aheadMs)})`).join(', ');
  const isOwn = apart.length * 2 > known.length && known.length > 1;
  const meaning = `far from this machine's: ${list}${isOwn ? '; so many agree that this machine may be the wrong one' : ''}`;
  return problem(check, meaning, `on ${isOwn ? 'this machine' : 'those machines'}: ${synchronize}`);
}

function signed(ms: number): string {
  return `${ms < 0 ? '-' : '+'}${renderDuration(Math.max(1, Math.abs(Math.round(ms))))}`;
}
