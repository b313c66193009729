import { connectAll } from './connecting.ts';
import { type LoadRun, serverRoles } from './load-run.ts';

const minuteMs = 60_000;
/** The first part of a soak, which says nothing of its slope: what connecting leaves behind is collected meanwhile. */
const skippedShare = 0.2;
/** Samples of a slope. */
const slopeSamples = 60;
/** The last devices are back, and counted. */
const settleMs = 5_000;

/** `soak`: devices leave and come back all the time, while commands flow to all of them. */
export async function runSoak(run: LoadRun): Promise<void> {
  const { plan } = run;
  const before = run.processes.rssBytesAt(['worker'], run.nowMs);
  await connectAll(run);
  const load = await run.startPlannedPushes();
  await run.beginPhase('rest');
  await run.pass(plan.restMs);
  await run.beginPhase('soak');
  const fromMs = run.nowMs;
  run.fleet.churn(plan.churnPerSecond);
  await run.pass(plan.durationMs);
  const toMs = run.nowMs;
  run.fleet.churn(0);
  await load?.stop();
  await run.beginPhase('settled');
  await run.untilConnected(plan.devices);
  await run.pass(settleMs);
  await run.settle();
  run.figures.memoryKiBPerLinkAfterChurn = run.workerKiBPerLink(before, run.live);
  run.figures.memorySlopeKiBPerMinute = slopeOf(run, fromMs + (toMs - fromMs) * skippedShare, toMs);
  const counted = run.sampler.live;
  if (counted !== run.live) run.remarks.push(`Push servers count ${counted} links, the devices ${run.live}.`);
}

/** The least-squares slope of the resident memory of all server processes, in KiB per minute; `null`: too short to say. */
function slopeOf(run: LoadRun, fromMs: number, toMs: number): number | null {
  if (toMs - fromMs < minuteMs) return null;
  const points = Array.from({ length: slopeSamples }, (_, index) => {
    const atMs = fromMs + ((toMs - fromMs) * index) / (slopeSamples - 1);
    return { minutes: atMs / minuteMs, kib: (run.processes.rssBytesAt(serverRoles, atMs) ?? 0) / 1_024 };
  });
  return slope(points);
}

export function slope(points: readonly { minutes: number; kib: number }[]): number {
  const mean = (read: (point: { minutes: number; kib: number }) => number) =>
    points.reduce((sum, point) => sum + read(point), 0) / points.length;
  const [x, y] = [mean(({ minutes }) => minutes), mean(({ kib }) => kib)];
  const above = mean(({ minutes, kib }) => (minutes - x) * (kib - y));
  const below = mean(({ minutes }) => (minutes - x) ** 2);
  return below === 0 ? 0 : above / below;
}
