import { systemClock } from '@pushfleet/runtime';
import { amount, choice, flag, readArguments, text, whole } from './arguments.ts';
import { describeFault, type Scenario, scenarios } from './faults/fault.ts';
import { RedisServer } from './run/redis-server.ts';
import { shrink } from './run/shrink.ts';
import { type Outcome, type Plan, simulate } from './run/simulate.ts';
import { buildEarlier } from './versions/earlier-build.ts';
import { loadSoftware } from './versions/software.ts';
import { formatEvent } from './world/trace.ts';

const usage = `npm run simulate -- [--seed N] [--runs N] [--minutes M] [--scenario ${Object.keys(scenarios).join('|')}]
  [--balancers 2] [--push-servers 3] [--devices 200] [--foreign 8] [--fault-every SECONDS] [--for REAL-SECONDS] [--cpu CPU-SECONDS]
  [--crowd CLIENTS] [--older COMMIT] [--redis-every SEEDS] [--stop] [--shrink] [--trace LINES]`;

const values = readArguments(
  {
    seed: whole(1, 0, 2 ** 32),
    runs: whole(undefined, 1, 1_000_000),
    minutes: amount(5, 0, 100_000),
    scenario: choice('everything', Object.keys(scenarios) as Scenario[]),
    balancers: whole(2, 1, 100),
    'push-servers': whole(3, 1, 100),
    devices: whole(200, 1, 100_000),
    foreign: whole(8, 0, 10_000),
    'fault-every': amount(15, 0.1, 1_000_000),
    for: amount(undefined, 1, 1_000_000),
    cpu: amount(undefined, 1, 1_000_000),
    crowd: whole(undefined, 0, 100_000),
    older: text(),
    'redis-every': whole(0, 0, 1_000_000),
    stop: flag(),
    shrink: flag(),
    trace: whole(60, 0, 1_000_000),
  },
  usage,
);

/** More than two balancers can answer while their registry is slow. */
const stormClients = 800;
const plan: Omit<Plan, 'seed'> = {
  scenario: values.scenario,
  balancers: values.balancers,
  pushServers: values['push-servers'],
  devices: values.devices,
  foreignDevices: values.foreign,
  crowd: values.crowd ?? (values.scenario === 'storm' ? stormClients : 0),
  faultsForMs: values.minutes * 60_000,
  faultEveryMs: values['fault-every'] * 1_000,
};
const olderCommit = values.older ?? (values.scenario === 'upgrade' ? 'HEAD~1' : undefined);
if (olderCommit !== undefined) {
  const directory = earlierBuild(olderCommit);
  plan.older = await loadSoftware(directory);
  console.log(`half of everything runs ${olderCommit} at first, built in ${directory}`);
}
const redisEvery = values['redis-every'];
await using redis = redisEvery > 0 ? await RedisServer.start() : undefined;
if (redisEvery > 0 && !redis) console.log('There is no redis-server: all seeds run with the embedded registry.');
const beganAtMs = systemClock.now();
const untilMs = beganAtMs + 1_000 * (values.for ?? Number.POSITIVE_INFINITY);
const mostCpuSeconds = values.cpu ?? Number.POSITIVE_INFINITY;
const isTimed = values.for !== undefined || values.cpu !== undefined;
const runs = values.runs ?? (isTimed ? Number.POSITIVE_INFINITY : 1);
const hasTime = () => systemClock.now() < untilMs && cpuSeconds() < mostCpuSeconds;
let [simulatedMs, events, done, failures] = [0, 0, 0, 0];
for (let { seed } = values; done === 0 || (done < runs && hasTime()); seed += 1) {
  const onRedis = redis && seed % redisEvery === 0 ? { redisUrl: redis.url } : {};
  const outcome = await simulate({ ...plan, ...onRedis, seed });
  simulatedMs += outcome.simulatedMs;
  events += outcome.events;
  done += 1;
  if (outcome.findings.length > 0) failures += 1;
  await report(outcome);
  if (values.stop && failures > 0) break;
}
const realMs = systemClock.now() - beganAtMs;
const perMinute = Math.round(simulatedMs / realMs);
console.log(
  `${(simulatedMs / 60_000).toFixed(1)} simulated minutes in ${(realMs / 1_000).toFixed(1)} s (${cpuSeconds().toFixed(1)} s of CPU): ${perMinute} minutes a minute, ` +
    `${Math.round((events / realMs) * 1_000)} events/s; ${failures} of ${done} runs found something`,
);
process.exitCode = failures > 0 ? 1 : 0;

function earlierBuild(commit: string): string {
  try {
    return buildEarlier(commit);
  } catch (error) {
    console.error(`--older ${commit}: ${(error as Error).message}`);
    process.exit(2);
  }
}

/** Seconds of a processor, however many programs share the machine. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000_000;
}

async function report(outcome: Outcome): Promise<void> {
  for (const { who, what } of outcome.trace.events)
    if (who === 'crowd') console.log(`the crowd of seed ${outcome.plan.seed}: ${what}`);
  const { seed, redisUrl } = outcome.plan;
  const place = redisUrl === undefined ? '' : ' on Redis';
  const [finding] = outcome.findings;
  if (!finding)
    return console.log(
      `seed ${seed}${place}: nothing found (${outcome.faults.length} faults, ${outcome.trace.digest().slice(0, 12)})`,
    );
  const shortest = values.shrink ? await shrink(outcome) : outcome;
  const shown = shortest.findings[0] ?? finding;
  const { rule, detail, atMs } = shown;
  console.log(`seed ${seed}${place}: ${rule}: ${detail}\n  at ${(atMs / 1_000).toFixed(3)} s, by these faults:`);
  for (const fault of shortest.faults) console.log(`    ${(fault.atMs / 1_000).toFixed(3)} ${describeFault(fault)}`);
  const events = shortest.trace.concerning(shown, values.trace);
  for (const event of events) console.log(`  ${formatEvent(event)}`);
}
