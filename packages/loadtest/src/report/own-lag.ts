import { largest, windowSeconds, windowsOf } from './connect-rates.ts';
import type { LatencySummaries, ReportPhase } from './load-report.ts';
import { formatQuantity } from './units.ts';

/** A part of a latency that is worth a remark. */
const notableShare = 0.1;
/** A process of the tool that is later than this is part of what it measures. */
const lateMs = 100;

/** The part of a push's p99 that can be the load tool's own: of its sender, and of the devices that get commands; `null`: not measured. */
export function ownLagMs({ fleetLag, witnessLag = fleetLag, pushLag }: LatencySummaries): number | null {
  return witnessLag === undefined ? null : witnessLag.p99Ms + (pushLag?.p99Ms ?? 0);
}

/** Remarks on how far the latencies of a run are the load tool's own. */
export function lagRemarks(latencies: LatencySummaries, phases: readonly ReportPhase[]): string[] {
  const time = (ms: number) => formatQuantity('time', ms);
  const ofPhases = phases.flatMap(({ name, latencies: { push, ...others } }) => {
    const ownMs = ownLagMs(others);
    if (push === undefined || ownMs === null || ownMs < notableShare * push.p99Ms) return [];
    const part = time(Math.min(ownMs, push.p99Ms));
    return [`In phase ${name} up to ${part} of the push p99 of ${time(push.p99Ms)} can be the load tool's own.`];
  });
  const { fleetLag } = latencies;
  if (fleetLag === undefined || fleetLag.maxMs <= lateMs) return ofPhases;
  const late = `A process of the fleet was up to ${time(fleetLag.maxMs)} late (p99 ${time(fleetLag.p99Ms)}): latencies include that. Give it more cores, or fewer devices.`;
  return [...ofPhases, late];
}

/** A remark on devices that began later than they were to: the tool had no time for more. @param offered Attempts, by the second. */
export function offerRemarks(offered: readonly number[], perSecond: number, devices: number): string[] {
  if (!(devices / perSecond >= windowSeconds) || offered.length < windowSeconds) return [];
  const most = largest(windowsOf(offered)) / windowSeconds;
  if (most >= 0.8 * perSecond) return [];
  return [
    `At most ${Math.round(most)} of the ${perSecond} devices a second that were asked for began: the tool had no time for more.`,
  ];
}
