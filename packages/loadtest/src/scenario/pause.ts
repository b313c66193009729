import { machineUs } from '@pushfleet/runtime';
import type { KnownProcess } from '../measure/cluster-sampler.ts';
import { isStopped } from '../measure/process-usage.ts';
import type { Pusher } from '../measure/pusher.ts';
import { connectAll } from './connecting.ts';
import type { LoadRun } from './load-run.ts';
import { ProcessPause } from './process-pause.ts';

/** The pause ends by itself this long after it should have. */
const graceMs = 5_000;
/** Within this the commands that were begun during the pause have their outcomes. */
const answeredWithinMs = 120_000;
/** A peer that has heard nothing for so many keep-alives has ended the link: links are watched for as long. */
const watchedKeepAlives = 1.5;

/** `pause`: one process is stopped while commands flow to all devices, and goes on; nobody is to lose a link by it. */
export async function runPause(run: LoadRun): Promise<void> {
  const { plan } = run;
  await connectAll(run);
  const load = await run.startPlannedPushes();
  await run.beginPhase('rest');
  await run.pass(plan.restMs);
  if (!run.signal.aborted) await pauseAndWatch(run, load);
  await run.settle();
  await load?.stop();
}

async function pauseAndWatch(run: LoadRun, load: Pusher | undefined): Promise<void> {
  const { plan, recording } = run;
  const { role, name, pid } = victimOf(run);
  const { live } = run;
  await run.settle();
  const lostBefore = recording.sum('lost');
  const { pausedMs, endedMeanwhile } = await pause(run, pid);
  const wentOn = { atUs: machineUs(), atMs: run.nowMs };
  await run.markPhase('settled');
  const lostMeanwhile = recording.sum('lost') - lostBefore;
  const [answeredAgainMs] = await Promise.all([
    load && answeredAgain(run, load, wentOn),
    run.untilConnected(live),
    run.pass(watchedKeepAlives * plan.keepAliveMs),
  ]);
  await run.collect();
  run.figures.pause = {
    ...{ role, name, pausedMs, endedMeanwhile, lostMeanwhile },
    lostAfterwards: recording.sum('lost') - lostBefore - lostMeanwhile,
    answeredAgainMs: answeredAgainMs ?? null,
  };
  const seconds = (pausedMs / 1_000).toFixed(1);
  const end = endedMeanwhile ? '; it was ended before that time was over' : '';
  run.remarks.push(`${role} ${name} (process ${pid}) was stopped for ${seconds} s${end}.`);
}

/** Stops the process for the duration of the plan, less where the run is to end early. */
async function pause(run: LoadRun, pid: number): Promise<{ pausedMs: number; endedMeanwhile: boolean }> {
  const { durationMs } = run.plan;
  await using _ = await ProcessPause.begin(pid, durationMs + graceMs);
  const fromMs = run.nowMs;
  await run.markPhase('paused');
  await run.pass(durationMs);
  return { pausedMs: Math.round(run.nowMs - fromMs), endedMeanwhile: !isStopped(pid) };
}

/** The time until everything begun before has its outcome, in milliseconds; `null`: it has not in time. */
async function answeredAgain(
  run: LoadRun,
  load: Pusher,
  wentOn: { atUs: number; atMs: number },
): Promise<number | null> {
  const isOver = new AbortController();
  const answered = load.answered(wentOn.atUs).then(() => Math.round(run.nowMs - wentOn.atMs));
  const late = run.clock.sleep(answeredWithinMs, AbortSignal.any([run.signal, isOver.signal])).then(() => null);
  const answeredMs = await Promise.race([answered, late]);
  isOver.abort();
  return answeredMs;
}

/** The process of the plan's role that was named, or the one with the most links. */
function victimOf(run: LoadRun): KnownProcess {
  const { plan, target, sampler } = run;
  const known = [...target.processes(), ...sampler.workers()].filter(({ role }) => role === plan.pausedRole);
  const named = known.filter(({ pid }) => target.victimPid === undefined || pid === target.victimPid);
  const [victim] = named.toSorted((one, other) => linksOf(run, other.name) - linksOf(run, one.name));
  if (victim !== undefined) return victim;
  throw new Error(`there is no ${plan.pausedRole} on this machine that could be paused`);
}

/** Links of a push server or worker, by the name of its process. */
function linksOf({ nodes }: LoadRun, name: string): number {
  for (const { nodeId, live, workers } of nodes) {
    if (nodeId === name) return live;
    const worker = workers.find(({ workerId }) => `${nodeId}/${workerId}` === name);
    if (worker !== undefined) return worker.live;
  }
  return 0;
}
