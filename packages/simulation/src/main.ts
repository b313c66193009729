import { parseArgs } from 'node:util';
import { systemClock } from '@pushfleet/runtime';
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

const options = {
  seed: { type: 'string', default: '1' },
  runs: { type: 'string', default: '1' },
  minutes: { type: 'string', default: '5' },
  scenario: { type: 'string', default: 'everything' },
  balancers: { type: 'string', default: '2' },
  'push-servers': { type: 'string', default: '3' },
  devices: { type: 'string', default: '200' },
  foreign: { type: 'string', default: '8' },
  'fault-every': { type: 'string', default: '15' },
  for: { type: 'string' },
  cpu: { type: 'string' },
  crowd: { type: 'string' },
  older: { type: 'string' },
  'redis-every': { type: 'string', default: '0' },
  stop: { type: 'boolean', default: false },
  shrink: { type: 'boolean', default: false },
  trace: { type: 'string', default: '60' },
  help: { type: 'boolean', default: false },
} as const;
/** The least value of each option that is a number. */
const least = {
  ...{ seed: 0, runs: 1, minutes: 0, balancers: 1, 'push-servers': 1, devices: 1, foreign: 0, 'fault-every': 0.1 },
  ...{ for: 0, cpu: 0, crowd: 0, 'redis-every': 0, trace: 0 },
} as const;
const { values } = readArguments();

if (values.help || !Object.hasOwn(scenarios, values.scenario)) {
  console.log(usage);
  process.exit(values.help ? 0 : 2);
}

/** More than two balancers can answer while their registry is slow. */
const stormClients = 800;
const plan: Omit<Plan, 'seed'> = {
  scenario: values.scenario as Scenario,
  balancers: Number(values.balancers),
  pushServers: Number(values['push-servers']),
  devices: Number(values.devices),
  foreignDevices: Number(values.foreign),
  crowd: Number(values.crowd ?? (values.scenario === 'storm' ? stormClients : 0)),
  faultsForMs: Number(values.minutes) * 60_000,
  faultEveryMs: Number(values['fault-every']) * 1_000,
};
const olderCommit = values.older ?? (values.scenario === 'upgrade' ? 'HEAD~1' : undefined);
if (olderCommit !== undefined) {
  const directory = buildEarlier(olderCommit);
  plan.older = await loadSoftware(directory);
  console.log(`half of everything runs ${olderCommit} at first, built in ${directory}`);
}
const redisEvery = Number(values['redis-every']);
await using redis = redisEvery > 0 ? await RedisServer.start() : undefined;
if (redisEvery > 0 && !redis) console.log('There is no redis-server: all seeds run with the embedded registry.');
const beganAtMs = systemClock.now();
const untilMs = values.for === undefined ? Number.POSITIVE_INFINITY : beganAtMs + 1_000 * Number(values.for);
let [simulatedMs, events, done, failures] = [0, 0, 0, 0];
const firstSeed = Number(values.seed);
const mostCpuSeconds = Number(values.cpu ?? Number.POSITIVE_INFINITY);
const isTimed = values.for !== undefined || values.cpu !== undefined;
const runs = isTimed ? Number.POSITIVE_INFINITY : Number(values.runs);
const hasTime = () => systemClock.now() < untilMs && cpuSeconds() < mostCpuSeconds;
for (let seed = firstSeed; seed < firstSeed + runs && hasTime(); seed += 1) {
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

/** A run that would play nothing must not end as if nothing had been found. */
function readArguments() {
  try {
    const parsed = parseArgs({ options });
    for (const [name, from] of Object.entries(least)) {
      const text = parsed.values[name as keyof typeof least];
      if (text !== undefined && !(text.trim() !== '' && Number(text) >= from))
        throw new Error(`--${name} ${text}: must be a number, ${from} or more`);
    }
    return parsed;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
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
  const events = shortest.trace.concerning(shown, Number(values.trace));
  for (const event of events) console.log(`  ${formatEvent(event)}`);
}
