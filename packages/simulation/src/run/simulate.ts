import { Cluster, limits, type Size } from '../actors/cluster.ts';
import type { PushLoad } from '../actors/push.ts';
import { Disturbances } from '../faults/disturbances.ts';
import { drawFaults, type Fault, type Scenario } from '../faults/fault.ts';
import { FaultInjector } from '../faults/inject.ts';
import { AnswerRules } from '../invariants/answers.ts';
import { Deliveries } from '../invariants/deliveries.ts';
import { checkDurableCommands } from '../invariants/durable-commands.ts';
import { checkGroupPushes } from '../invariants/group-pushes.ts';
import { LinkRules } from '../invariants/links.ts';
import { RegistryGuarantees } from '../invariants/registry-guarantees.ts';
import { ReportedOutcomes } from '../invariants/reported-outcomes.ts';
import { checkRest } from '../invariants/rest.ts';
import { RevocationRules } from '../invariants/revocations.ts';
import { SessionRules } from '../invariants/sessions.ts';
import { SilenceRules } from '../invariants/silence.ts';
import { checkStorm } from '../invariants/storm.ts';
import { RedisStore } from '../network/redis-store.ts';
import { type Software, speaksMqtt, takesTimersOfTunnels } from '../versions/software.ts';
import { Ambient } from '../world/ambient.ts';
import { Random } from '../world/random.ts';
import type { Trace } from '../world/trace.ts';
import type { Finding } from '../world/world.ts';
import { SpanRecorder } from './span-recorder.ts';

export interface Plan extends Size {
  seed: number;
  scenario: Scenario;
  /** Simulated time with faults; it is quiet before and after. */
  faultsForMs: number;
  /** Time between two faults, on average. */
  faultEveryMs: number;
  /** Quiet time after the last fault, at the end of which everything must be as it should be. */
  restAfterMs?: number;
  /** It is over then: nobody waits for the ends of durable commands. */
  endsAtRest?: boolean;
  /** Half of everything runs it at first. */
  older?: Software;
  /** The registry is in this Redis, which is for nobody else; absent: the embedded one. */
  redisUrl?: string;
  /** In place of those that the seed draws. */
  faults?: readonly Fault[];
}

export interface Outcome {
  plan: Plan;
  faults: readonly Fault[];
  findings: readonly Finding[];
  trace: Trace;
  simulatedMs: number;
  events: number;
}

/** Time in which the cluster starts and devices come. */
const settleMs = 20_000;
/**
 * Time after the last fault in which everything must be as it should be: a half-open link is found after two minutes, and devices wait for
 * one at most before they try again.
 */
const longestRestMs = 300_000;
/** Time after the last fault for which pushes go on. */
const pushesGoOnMs = 120_000;
/** Time for a device whose link a push has ended to come back. */
const lastLinksMs = 60_000;
/** No call of anybody takes longer. */
const longestCallMs = 240_000;
/** The longest that a command to one device or to all of them may take to end. */
const commandsEndMs = 240_000;

const crowdedRegistryMs = 1_000;
const crowdSettlesMs = 20_000;

const pushLoad: PushLoad = { everyMs: 500, durableShare: 0.5 };

/** Runs one plan to its end, or to the first finding. The same plan gives the same trace. */
export async function simulate(plan: Plan): Promise<Outcome> {
  using _ambient = new Ambient();
  await using redis = plan.redisUrl === undefined ? undefined : await RedisStore.connect(plan.redisUrl, limits);
  const cluster = new Cluster(plan.seed, sizeOf(plan), pushLoad, redis && ((process) => redis.attach(process)));
  if (plan.older) cluster.runHalfOn(plan.older);
  const { world } = cluster;
  using _rejections = findRejections(cluster);
  using spans = new SpanRecorder(world);
  const faults = plan.faults ?? drawPlanned(plan);
  const disturbances = new Disturbances();
  new FaultInjector(cluster, disturbances).schedule(faults);
  const rules = new LinkRules(world, disturbances);
  for (const device of cluster.devices) rules.watch(device);
  watchCommands(cluster, disturbances);
  new SessionRules(cluster, disturbances);
  new SilenceRules(cluster, disturbances);
  new RevocationRules(cluster, disturbances);
  new RegistryGuarantees(cluster, disturbances);
  new AnswerRules(cluster, disturbances);
  await cluster.start();
  if (cluster.crowd) letCrowdIn(cluster, disturbances, plan);
  const lastMs = Math.max(settleMs, ...faults.map((fault) => fault.atMs + ('forMs' in fault ? fault.forMs : 0)));
  const restMs = lastMs + (plan.restAfterMs ?? longestRestMs);
  const pushesEndMs = Math.min(lastMs + pushesGoOnMs, restMs - lastLinksMs);
  world.at(pushesEndMs, () => stopPushing(cluster));
  await world.runUntil(restMs);
  if (world.findings.length === 0) await checkRest(cluster);
  if (world.findings.length === 0 && !plan.endsAtRest) {
    await world.runUntil(Math.max(restMs, pushesEndMs + commandsEndMs));
    await judgeEnds(cluster, disturbances, spans);
  }
  const { trace, findings, nowMs: simulatedMs, eventCount: events } = world;
  return { plan, faults, findings, trace, simulatedMs, events };
}

/** Versions that cannot have MQTT links or tunnels here have none. */
function sizeOf(plan: Plan): Size {
  const { older } = plan;
  if (!older) return plan;
  return {
    ...plan,
    ...(speaksMqtt(older) ? {} : { links: 'grpc' }),
    ...(takesTimersOfTunnels(older) ? {} : { hasTunnels: false }),
  };
}

/** Whatever was begun has ended. */
async function judgeEnds(cluster: Cluster, disturbances: Disturbances, spans: SpanRecorder): Promise<void> {
  const { world } = cluster;
  if (world.findings.length === 0) await checkDurableCommands(cluster, disturbances);
  if (world.findings.length === 0) await checkGroupPushes(cluster, disturbances);
  // Whoever waits for the end of a durable command waits as long as the registry's clock makes it live.
  if (disturbances.touched(cluster.registry.process.host.name, 0, world.nowMs, ['clock'])) return;
  for (const { name, process } of spans.unended(longestCallMs))
    world.find('a span that does not end', name, { who: process?.name });
}

function stopPushing(cluster: Cluster): void {
  const { administrationServer, operator, groupPushes, fleetAdministrator, tunnelUser, foreignDevices } = cluster;
  const busy = [administrationServer, operator, groupPushes, fleetAdministrator, tunnelUser, ...foreignDevices];
  for (const each of busy) each.stop();
}

function watchCommands(cluster: Cluster, disturbances: Disturbances): void {
  const reported = new ReportedOutcomes(cluster, disturbances);
  const deliveries = new Deliveries(cluster, disturbances);
  for (const device of cluster.managedDevices) {
    device.onRun = (run) => {
      reported.onRun(device, run);
      deliveries.onRun(device, run);
    };
  }
}

/** More ask than can be answered, because the registry takes its time. */
function letCrowdIn(cluster: Cluster, disturbances: Disturbances, { faultsForMs }: Plan): void {
  const { world, crowd, registry } = cluster;
  const [fromMs, untilMs] = [settleMs, settleMs + faultsForMs];
  world.at(fromMs, () => {
    registry.slowMs = crowdedRegistryMs;
    crowd?.start();
  });
  world.at(untilMs, () => {
    registry.slowMs = 0;
    crowd?.stop();
    checkStorm(cluster, disturbances, fromMs + crowdSettlesMs, untilMs);
  });
}

function drawPlanned({ seed, scenario, faultsForMs, faultEveryMs, balancers, pushServers, devices }: Plan): Fault[] {
  const times = { fromMs: settleMs, untilMs: settleMs + faultsForMs, everyMs: faultEveryMs };
  return drawFaults(new Random(seed).fork('faults'), scenario, { balancers, pushServers, devices }, times);
}

/** A promise that nobody waits for is an exception that nobody catches. */
function findRejections({ world }: Cluster): Disposable {
  const onRejection = (error: unknown) => {
    world.find('unhandled rejection', error instanceof Error ? (error.stack ?? error.message) : String(error));
  };
  process.on('unhandledRejection', onRejection);
  return { [Symbol.dispose]: () => void process.off('unhandledRejection', onRejection) };
}
