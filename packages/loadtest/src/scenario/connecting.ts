import type { Pusher } from '../measure/pusher.ts';
import { baseDevices } from './load-plan.ts';
import { type LoadRun, serverRoles } from './load-run.ts';

/** Devices that come before anything is measured, and need not hurry. */
const basePerSecond = 200;
/** The shortest phase that makes a figure. */
const settleMs = 2_000;

/**
 * `connect-ramp` and `connect-storm`: some devices connect first and get commands, at rest and while the others come; so that it is
 * seen what the storm does to those who are in. Then all links are held.
 */
export async function runConnecting(run: LoadRun): Promise<void> {
  const { plan } = run;
  const base = baseDevices(plan);
  const load = base > 0 ? await restWith(run, base) : undefined;
  const memoryBefore = run.processes.rssBytesAt(['worker'], run.nowMs);
  const before = { atMs: run.nowMs, live: run.live };
  await run.beginPhase('ramp');
  await run.connect(base, plan.devices);
  const after = { atMs: run.nowMs, live: run.live };
  await run.beginPhase('hold');
  await run.pass(plan.durationMs);
  await run.settle();
  await load?.stop();
  recordArrivals(run, before, after);
  recordMemory(run, memoryBefore, before.live);
}

/** The base comes in, and commands flow for as long as the rest lasts. */
async function restWith(run: LoadRun, base: number): Promise<Pusher | undefined> {
  await run.beginPhase('base');
  await run.connect(0, base, Math.min(basePerSecond, run.plan.connectsPerSecond));
  const load = await run.startPlannedPushes();
  await run.pass(settleMs);
  await run.beginPhase('rest');
  await run.pass(run.plan.restMs);
  return load;
}

interface Moment {
  atMs: number;
  live: number;
}

/** Records the servers' CPU per device that came: all that they used meanwhile, less what they used at rest. */
function recordArrivals(run: LoadRun, before: Moment, after: Moment): void {
  const arrived = after.live - before.live;
  const used = run.serverCpuSeconds(before.atMs, after.atMs);
  if (used === null || arrived <= 0) return;
  const rest = run.recording.phases().find(({ name }) => name === 'rest');
  const perMs =
    rest === undefined ? 0 : (run.serverCpuSeconds(rest.fromMs, rest.toMs) ?? 0) / (rest.toMs - rest.fromMs);
  const seconds = Math.max(0, used - perMs * (after.atMs - before.atMs));
  run.figures.serverCpuMsPerReturn = (seconds * 1_000) / arrived;
}

/** Records the workers' memory per link, without what they had before. */
function recordMemory(run: LoadRun, before: number | null, liveBefore: number): void {
  run.figures.memoryKiBPerLink = run.workerKiBPerLink(before, run.live - liveBefore);
}

/** The whole fleet connects, as fast as the plan says, before what the scenario is about begins. */
export async function connectAll(run: LoadRun, to = run.plan.devices, phase = 'connect'): Promise<void> {
  const memoryBefore = run.processes.rssBytesAt(['worker'], run.nowMs);
  const before = { atMs: run.nowMs, live: run.live };
  await run.beginPhase(phase);
  await run.connect(before.live, to);
  await run.settle();
  recordArrivals(run, before, { atMs: run.nowMs, live: run.live });
  recordMemory(run, memoryBefore, before.live);
}

export function usedCpu(run: LoadRun, fromMs: number, toMs: number): { servers: number | null; all: number | null } {
  const servers = run.processes.cpuSecondsBetween(serverRoles, fromMs, toMs);
  return { servers, all: run.processes.cpuSecondsBetween([...serverRoles, 'load'], fromMs, toMs) };
}
