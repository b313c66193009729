import {
  type LoadPlan,
  type LoadReport,
  type LoadTarget,
  ProgressDisplay,
  renderSummary,
  runLoad,
  type ScenarioName,
} from '@pushfleet/loadtest';
import { describeRedisUrl, type RedisValues, registrySettings } from '@pushfleet/registry';
import { type Environment, readSettings, systemClock } from '@pushfleet/runtime';
import { CommandFailure } from '../output/failure.ts';
import { paintFor, print, say } from '../output/print.ts';
import type { CommandContext } from '../stop.ts';
import { LoadCluster, type LoadClusterOptions } from './load-cluster.ts';
import { type ClusterOptionsUsed, planOf, usedOptions } from './load-plan.ts';
import { LoadRedis, redisProcesses } from './load-redis.ts';
import type { LoadFlags } from './options.ts';
import { ReportOutputs } from './report-outputs.ts';
import { openRunningCluster } from './running-cluster.ts';

/** A signal that comes sooner after the first one is the same Ctrl-C: npm passes it on. */
const sameSignalMs = 500;
/** Exit status of a run in which a `--fail-if` holds. */
const failedStatus = 2;

/** Runs one scenario, and writes its report. */
export async function loadtest(
  { environment, signal }: Pick<CommandContext, 'environment'> & { signal: AbortSignal },
  scenario: ScenarioName,
  flags: LoadFlags,
  pushfleetVersion: string,
): Promise<void> {
  const plan = planOf(scenario, flags);
  if (signal.aborted) throw endedBefore();
  const outputs = await ReportOutputs.open({ json: flags.json, html: flags.report });
  quitAtSecondSignal(signal);
  try {
    await runAndReport(plan, flags, outputs, { environment, pushfleetVersion, signal });
  } catch (error) {
    // What was in flight when the user said stop has failed because of that: there was nothing to report yet.
    if (!signal.aborted || error instanceof CommandFailure) throw error;
    throw endedBefore(error);
  }
}

function endedBefore(cause?: unknown): CommandFailure {
  return new CommandFailure('ended before the devices were there: there is nothing to report', { cause });
}

interface Surroundings {
  environment: Environment;
  pushfleetVersion: string;
  signal: AbortSignal;
}

async function runAndReport(
  plan: LoadPlan,
  flags: LoadFlags,
  outputs: ReportOutputs,
  surroundings: Surroundings,
): Promise<void> {
  const { environment, signal } = surroundings;
  await using redis = flags.startRedis ? await LoadRedis.start(signal) : undefined;
  const redisUrl = redis?.url ?? flags.redisUrl ?? (environment.PUSHFLEET_REDIS_URL || undefined);
  const started = clusterOptions(plan, flags);
  await using cluster = flags.startCluster
    ? await LoadCluster.start({ ...started, environment, redisUrl, signal: whileRuns(redis, signal) })
    : undefined;
  const target = cluster?.target() ?? (await openRunningCluster(environment, flags, plan));
  const registry = redisUrl === undefined ? [] : await redisProcesses({ ...filesOf(redisUrl, environment), redisUrl });
  const withRegistry = { ...target, processes: () => [...target.processes(), ...registry] };
  const options = usedOptions(
    plan.scenario,
    flags,
    flags.startCluster ? ofStarted(started, redis ? undefined : redisUrl) : ofRunning(target),
  );
  const report = await runOn(
    withRegistry,
    plan,
    { flags, options },
    { ...surroundings, signal: whileRuns(redis, whileRuns(cluster, signal)) },
  );
  if (cluster === undefined) target.admin.close();
  print(renderSummary(report, paintFor(process.stdout)));
  if (report.verdict === 'failed') process.exitCode = failedStatus;
  await outputs.write(report);
  const [failed] = [redis?.failed, cluster?.failed].filter((one) => one?.aborted === true);
  if (failed !== undefined) throw failed.reason;
}

/** Fires with the signal, or when that which was started, if anything, is lost. */
function whileRuns(started: { failed: AbortSignal } | undefined, signal: AbortSignal): AbortSignal {
  return started === undefined ? signal : AbortSignal.any([signal, started.failed]);
}

async function runOn(
  target: LoadTarget,
  plan: LoadPlan,
  { flags, options }: { flags: LoadFlags; options: LoadReport['options'] },
  { pushfleetVersion, signal }: Surroundings,
): Promise<LoadReport> {
  let display: ProgressDisplay | undefined;
  try {
    return await runLoad({
      plan,
      target,
      clock: systemClock,
      signal,
      onStarted: (read) => {
        display = new ProgressDisplay(systemClock, process.stderr, paintFor(process.stderr), read);
      },
      facts: {
        pushfleetVersion,
        command: commandLine(flags),
        options,
        thresholds: flags.failIf ?? [],
      },
    });
  } finally {
    display?.[Symbol.dispose]();
  }
}

function clusterOptions(plan: LoadPlan, flags: LoadFlags) {
  const least = plan.scenario === 'rolling-drain' ? 2 : plan.scenario === 'node-loss' ? 3 : 1;
  const pushServers = flags.pushServers ?? least;
  if (pushServers < Math.min(2, least)) {
    throw new CommandFailure(
      `--push-servers ${pushServers}: ${plan.scenario} takes 2 or more, or devices have nowhere to go`,
    );
  }
  return {
    pushServers,
    concentrates: plan.concentrate,
    // What comes from one that is lost must find room on the others.
    maxConnections: flags.maxConnections ?? Math.ceil(plan.devices * 1.05) + 100,
    plain: plan.plain,
    spreads: plan.addresses > 1,
    rebalances: !plan.concentrate,
  };
}

function ofStarted(
  { pushServers, maxConnections }: Pick<LoadClusterOptions, 'pushServers' | 'maxConnections'>,
  redisUrl: string | undefined,
): ClusterOptionsUsed {
  const registry = redisUrl === undefined ? {} : { redisUrl: describeRedisUrl(redisUrl) };
  return { pushServers, maxConnections, ...registry };
}

function ofRunning({ balancers, parentGroup }: LoadTarget): ClusterOptionsUsed {
  return { balancer: [...balancers], group: parentGroup };
}

/** The files with what is shown to the Redis that the environment names; another one is known by its URL alone. */
function filesOf(redisUrl: string, environment: Environment): Partial<RedisValues> {
  return redisUrl === environment.PUSHFLEET_REDIS_URL ? readSettings(registrySettings, environment) : {};
}

/** The command that repeats the run, without the password of a Redis. */
function commandLine({ redisUrl }: LoadFlags): string {
  const words = process.argv.slice(2).map((word) => {
    if (redisUrl === undefined || !word.includes(redisUrl)) return word;
    return word.replace(redisUrl, `redis://${describeRedisUrl(redisUrl)}`);
  });
  return ['pushfleet', ...words.map((word) => (/^[\w./:=@,%+-]+$/.test(word) ? word : `'${word}'`))].join(' ');
}

/** The report is being made; who does not want to wait for it says so once more. */
function quitAtSecondSignal(signal: AbortSignal): void {
  signal.addEventListener('abort', () => {
    say('pushfleet: ends early, with a report; once more ends it at once');
    const firstMs = systemClock.now();
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.on(name, () => {
        if (systemClock.now() - firstMs >= sameSignalMs) process.exit(130);
      });
    }
  });
}
