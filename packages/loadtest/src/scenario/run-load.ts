import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { type Clock, machineUs, readFileLimit } from '@pushfleet/runtime';
import { Fleet } from '../fleet/fleet.ts';
import type { FleetTask } from '../fleet/messages.ts';
import { BusyLoops } from '../measure/busy-loops.ts';
import { buildReport } from '../report/build-report.ts';
import type { LoadReport, ReportMachine } from '../report/load-report.ts';
import type { Progress } from '../report/terminal/progress.ts';
import type { Threshold } from '../report/threshold.ts';
import { runConnecting } from './connecting.ts';
import { LoadGroup, type LoadGroupOptions } from './load-group.ts';
import { baseDevices, type LoadPlan, linkMixes, type ScenarioName, witnessesOf } from './load-plan.ts';
import { LoadRun } from './load-run.ts';
import type { LoadTarget } from './load-target.ts';
import { runNodeLoss } from './node-loss.ts';
import { runPause } from './pause.ts';
import { runGroupSync, runSteadyPush } from './pushing.ts';
import { runRollingDrain } from './rolling-drain.ts';
import { runSoak } from './soak.ts';
import { runTunnelThroughput } from './tunnel-throughput.ts';

export interface RunLoadOptions {
  plan: LoadPlan;
  target: LoadTarget;
  clock: Clock;
  /** Ends the run early, with a report of what was measured until then. A reason other than `AbortError` says why, in its first line. */
  signal: AbortSignal;
  /** Called once the devices are there: what is read shows how the run goes. */
  onStarted(read: () => Progress): void;
  /** The part of the report that is not measured. */
  facts: {
    pushfleetVersion: string;
    command: string;
    options: LoadReport['options'];
    thresholds: readonly Threshold[];
  };
}

const run: Readonly<Record<ScenarioName, (run: LoadRun) => Promise<void>>> = {
  'connect-ramp': runConnecting,
  'connect-storm': runConnecting,
  'steady-push': runSteadyPush,
  'group-sync': runGroupSync,
  'node-loss': runNodeLoss,
  'rolling-drain': runRollingDrain,
  'tunnel-throughput': runTunnelThroughput,
  pause: runPause,
  soak: runSoak,
};

/**
 * Runs a scenario against a cluster: makes a group and devices, connects them, does what the scenario is about, and removes them.
 * Resolves with the report, also of a run that ended early; what cannot be removed afterwards is among its remarks.
 */
export async function runLoad(options: RunLoadOptions): Promise<LoadReport> {
  const { plan, target, clock, signal, onStarted } = options;
  const failed = new AbortController();
  await using busy = new BusyLoops(plan.busyLoops);
  const withBusy = { ...target, processes: () => [...target.processes(), ...busy.processes] };
  await using load = new LoadRun({
    ...{ plan, target: withBusy, clock, signal: AbortSignal.any([signal, failed.signal]) },
    onFailed: (error) => failed.abort(error),
  });
  const startedAtWallMs = clock.wallMs();
  await load.sampler.sample();
  const group = await LoadGroup.create(groupOptions(plan, target), signal);
  try {
    load.group = group;
    await using fleet = await Fleet.create({
      task: fleetTask(plan, target, group),
      processes: plan.processes + (witnessesOf(plan) === undefined ? 0 : 1),
      startedUs: load.startedUs,
      onTick: (tick) => load.onTick(tick),
      onFailed: (error) => failed.abort(error),
    });
    load.fleet = fleet;
    load.startSampling();
    onStarted(() => load.progress());
    await run[plan.scenario](load);
    await load.settle();
    load.recordFleet();
    const report = reportOf(load, options, { startedAtWallMs, endedEarly: endOf(signal, failed.signal) });
    load.stopSampling();
    await fleet.close();
    const left = await removeFrom(target, group);
    return left === undefined ? report : { ...report, remarks: [...report.remarks, left] };
  } catch (error) {
    load.stopSampling();
    await removeFrom(target, group);
    throw error;
  }
}

/** Says what is left of the group; `undefined`: nothing, or the whole cluster is given up. */
async function removeFrom({ isDisposable }: LoadTarget, group: LoadGroup): Promise<string | undefined> {
  if (isDisposable) return undefined;
  try {
    await group.remove();
    return undefined;
  } catch (error) {
    return `The group ${group.path} and its devices are still there: ${(error as Error).message}`;
  }
}

function groupOptions(plan: LoadPlan, { admin, parentGroup, othersGroup }: LoadTarget): LoadGroupOptions {
  const { devices, concentrate } = plan;
  const others = concentrate && othersGroup ? { parent: othersGroup, devices: baseDevices(plan) } : undefined;
  return { admin, parent: parentGroup, devices, others };
}

/** Why a run ended before its time; `null`: it did not. @param failed Its reason is an error of the load tool itself. */
export function endOf(stopped: AbortSignal, failed: AbortSignal): string | null {
  if (failed.aborted) return (failed.reason as Error).message;
  if (!stopped.aborted) return null;
  const { name, message } = stopped.reason as Error;
  return name === 'AbortError' ? 'interrupted' : (message.split('\n')[0] ?? message);
}

function fleetTask(plan: LoadPlan, target: LoadTarget, group: LoadGroup): FleetTask {
  const { devices, plain, keepAliveMs, patienceMs, ignoreConnectAfter, resumption, assignConnections } = plan;
  return {
    ...{ devices, plain, keepAliveMs, patienceMs, ignoreConnectAfter, resumption, assignConnections },
    idPrefix: group.idPrefix,
    secret: group.secret,
    links: linkMixes[plan.link],
    balancers: target.balancers,
    ca: target.ca,
    addresses: plan.addresses,
    allowRemote: plan.allowRemote,
    witnesses: witnessesOf(plan),
  };
}

function reportOf(
  load: LoadRun,
  { plan, facts }: RunLoadOptions,
  end: { startedAtWallMs: number; endedEarly: string | null },
): LoadReport {
  const { recording, processes, links } = load;
  return buildReport(
    {
      ...facts,
      ...end,
      scenario: plan.scenario,
      machine: describeMachine(),
      durationMs: Math.round((machineUs() - load.startedUs) / 1_000),
      devicesWanted: plan.devices,
      figures: load.figures,
      remarks: load.remarks,
    },
    { recording, processes, links },
  );
}

function describeMachine(): ReportMachine {
  return {
    cores: availableParallelism(),
    cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
    memoryBytes: totalmem(),
    kernel: `${type()} ${release()}`,
    nodeVersion: process.versions.node,
    fileLimit: readFileLimit(),
  };
}
