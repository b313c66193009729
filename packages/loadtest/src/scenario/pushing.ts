import { connectAll } from './connecting.ts';
import type { LoadRun } from './load-run.ts';

/** Until the code that runs everywhere is compiled for good. */
const warmUpMs = 5_000;

/** `steady-push`: commands to random devices of the whole fleet. */
export async function runSteadyPush(run: LoadRun): Promise<void> {
  const { plan } = run;
  await connectAll(run);
  if (plan.push === undefined || run.signal.aborted) return;
  await run.beginPhase('warm-up');
  const load = await run.startPlannedPushes();
  await run.pass(Math.min(warmUpMs, plan.durationMs));
  await run.beginPhase('steady');
  const before = { atMs: run.nowMs, done: doneOf(run) };
  await run.pass(plan.durationMs);
  await run.settle();
  recordCommandCost(run, before);
  await load?.stop();
}

/** Records the servers' CPU per command since a moment before. */
function recordCommandCost(run: LoadRun, before: { atMs: number; done: number }): void {
  const used = run.serverCpuSeconds(before.atMs, run.nowMs);
  const done = doneOf(run) - before.done;
  if (used === null || done <= 0) return;
  run.figures.serverCpuUsPerCommand = (used * 1e6) / done;
}

/** Commands that have succeeded so far. */
function doneOf(run: LoadRun): number {
  return run.recording.rows.reduce((sum, { counts }) => sum + (counts.pushesDone ?? 0), 0);
}

/** `group-sync`: all devices of the group at once, round after round. */
export async function runGroupSync(run: LoadRun): Promise<void> {
  const { plan, target, group } = run;
  await connectAll(run);
  for (let round = 1; round <= plan.rounds && !run.signal.aborted; round += 1) {
    await run.beginPhase(`sync-${round}`);
    const devices = run.live;
    const fromMs = run.nowMs;
    const push = await target.admin.groupPushes.start({ group: group.path, operation: { forceSync: {} } });
    const answered = await watchToEnd(run, push.groupPushId);
    const tookMs = run.nowMs - fromMs;
    run.recorder.latency('groupSync', tookMs);
    recordSync(run, { devices, answered, tookMs });
    await run.settle();
    await run.pass(pauseMs);
  }
}

/** Between two rounds. */
const pauseMs = 2_000;

/** @returns how many devices have succeeded. */
async function watchToEnd(run: LoadRun, groupPushId: string): Promise<number> {
  let answered = 0;
  try {
    for await (const { counts } of run.target.admin.groupPushes.watch(groupPushId, { signal: run.signal })) {
      answered = counts.find(({ outcome }) => outcome === 'OUTCOME_SUCCEEDED')?.devices ?? 0;
    }
  } catch (error) {
    if (!run.signal.aborted) throw error;
  }
  return answered;
}

/** Records a round: the slowest one is the figure. */
function recordSync(
  run: LoadRun,
  { devices, answered, tookMs }: { devices: number; answered: number; tookMs: number },
) {
  const allAnsweredMs = answered >= devices ? tookMs : null;
  const slowest = run.figures.groupSync;
  const isWorse =
    !slowest || allAnsweredMs === null || (slowest.allAnsweredMs ?? Number.POSITIVE_INFINITY) < allAnsweredMs;
  if (isWorse) run.figures.groupSync = { devices, answered, allAnsweredMs };
}
