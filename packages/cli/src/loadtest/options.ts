import {
  type AssignConnections,
  assignConnectionKinds,
  type LinkMix,
  linkMixes,
  parseThreshold,
  pausedRoles,
  type Threshold,
  ThresholdSyntaxError,
} from '@pushfleet/loadtest/options';
import { limits } from '@pushfleet/protocol';
import { describeRedisUrl } from '@pushfleet/registry';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { duration, wholeNumber } from '../options/option-values.ts';

/** The options as they are given; those that are not, and have no default, are absent. */
export interface LoadFlags {
  devices: number;
  link: LinkMix;
  plain?: true;
  rate?: number;
  duration?: number;
  pushRate?: number;
  inFlight?: number;
  durable?: true;
  rest?: number;
  patience: number;
  ignoreConnectAfter?: true;
  resumption: boolean;
  keepAlive: number;
  assignConnections: AssignConnections;
  processes?: number;
  spreadAddresses?: number;
  allowRemote?: true;
  churn?: number;
  rounds?: number;
  megabytes?: number;
  tunnels?: number;
  drainRate?: number;
  concentrate?: true;
  pause?: keyof typeof pausedRoles;
  busyLoops?: number;
  startCluster?: true;
  pushServers?: number;
  maxConnections?: number;
  redisUrl?: string;
  startRedis?: true;
  balancer?: string[];
  group?: string;
  victimPid?: number;
  json?: string;
  report?: string;
  failIf?: Threshold[];
}

const mostDevices = 200_000;
const mostPerSecond = 100_000;
const dayMs = 86_400_000;

/** Adds every option, in the order in which they are explained. */
export function addLoadOptions(command: Command): Command {
  addFleetOptions(command);
  addLoadAndClusterOptions(command);
  command.optionsGroup('The report:');
  return command
    .option('--json <file>', 'write it as JSON; docs/loadtest.md has the fields')
    .option('--report <file>', 'write it as a page of HTML')
    .option(
      '--fail-if <condition>',
      "end with status 2 where it holds, e.g. 'push.p99 > 50ms'; may be given several times",
      collectThreshold,
    );
}

/** How a value is read, or the words that it can be. */
type Parse = ((text: string) => unknown) | readonly string[];

function adder(command: Command) {
  return (flags: string, description: string, parse: Parse, fallback?: [value: unknown, text: string]): void => {
    const option = new Option(flags, description);
    if (typeof parse === 'function') option.argParser(parse);
    else option.choices(parse);
    command.addOption(fallback === undefined ? option : option.default(...fallback));
  };
}

function addFleetOptions(command: Command): void {
  const add = adder(command);
  command.optionsGroup('The fleet:');
  add('-n, --devices <number>', 'devices', wholeNumber(mostDevices), [100, '100']);
  add('--link <kind>', 'mqtt5, mqtt311, grpc or mixed (half gRPC, half MQTT 5)', Object.keys(linkMixes), [
    'mixed',
    'mixed',
  ]);
  command.option('--plain', 'device links without TLS');
  add('--rate <per second>', 'devices that come per second (default: 300)', wholeNumber(mostPerSecond));
  add('--patience <duration>', 'a device gives a step up after so long, and begins anew', duration(dayMs, 100), [
    10_000,
    '10s',
  ]);
  command.option('--ignore-connect-after', 'devices take no notice of when they are told to come');
  command.option('--no-resumption', 'devices keep no TLS sessions');
  add('--keep-alive <duration>', 'that MQTT devices ask for', duration(65_535_000, 1_000), [60_000, '60s']);
  add(
    '--assign-connections <how>',
    'each: one for each question, as devices do; shared: a few of each process',
    assignConnectionKinds,
    ['each', 'each'],
  );
  add('--processes <number>', 'processes of the fleet (default: as file limits and cores have it)', wholeNumber(256));
}

function addLoadAndClusterOptions(command: Command): void {
  const add = adder(command);
  command.optionsGroup('The load:');
  add(
    '-d, --duration <duration>',
    'how long the state that the scenario is about is held; not in group-sync and tunnel-throughput (default: 60s; pause: 20s)',
    duration(7 * dayMs, 1_000),
  );
  add('--push-rate <per second>', 'commands that begin per second, to random devices', wholeNumber(mostPerSecond));
  add('--in-flight <number>', 'instead: so many commands at the same time', wholeNumber(4_096));
  command.option('--durable', 'commands are written to the registry first');
  add(
    '--rest <duration>',
    'how long commands flow before anything happens, to compare with (default: 10s)',
    duration(dayMs, 1_000),
  );
  add('--churn <percent>', 'soak: devices that leave and come back each second (default: 1)', percent);
  add('--rounds <number>', 'group-sync: synchronizations; tunnel-throughput: rounds (default: 3)', wholeNumber(1_000));
  add('--tunnels <number>', 'tunnel-throughput: tunnels at the same time (default: 1)', wholeNumber(64));
  add(
    '--megabytes <number>',
    'tunnel-throughput: through each tunnel, each way and round (default: 100)',
    wholeNumber(100_000),
  );
  add('--drain-rate <per second>', 'rolling-drain: devices told to leave (default: 200)', wholeNumber(mostPerSecond));
  command.option('--concentrate', 'node-loss: nearly all devices are on the one that is killed; the others stand by');
  add(
    '--pause <process>',
    'pause: the process that is stopped: worker, supervisor, balancer or redis (default: worker)',
    Object.keys(pausedRoles),
  );
  add('--busy-loops <number>', 'processes that use one core each beside the run', wholeNumber(256));
  command.optionsGroup('The cluster:');
  command.option('--start-cluster', 'start one for the run, as processes of this machine');
  add(
    '--push-servers <number>',
    'of a cluster that is started (default: 1, or what the scenario takes)',
    wholeNumber(64),
  );
  add(
    '--max-connections <number>',
    'of each of its push servers (default: the devices and 5 %)',
    wholeNumber(limits.maxConnectionsMax),
  );
  command.option(
    '--redis-url <url>',
    'where it keeps the registry (default: PUSHFLEET_REDIS_URL, or a file)',
    redisUrl,
  );
  command.option('--start-redis', 'keep the registry in a Redis server that is started for the run, too');
  command.option('--balancer <url>', 'of a running cluster: where devices ask; may be given several times', collectUrl);
  command.option('--group <path>', 'of a running cluster: below which the devices get a group of their own');
  add(
    '--victim-pid <pid>',
    'on a running cluster: the push server that node-loss kills, or the process that pause stops',
    wholeNumber(),
  );
  add('--spread-addresses <number>', 'connections go to 127.0.0.1 to 127.0.0.N instead of 127.0.0.1', wholeNumber(250));
  command.option('--allow-remote', 'the cluster may be on other machines, and bears the load');
}

function percent(text: string): number {
  const value = /^\d{1,3}(\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0 && value <= 100) return value;
  throw new InvalidArgumentError('It must be a number greater than 0, 100 at most.');
}

function redisUrl(text: string): string {
  try {
    describeRedisUrl(text);
  } catch (error) {
    throw new InvalidArgumentError(`It ${(error as Error).message}.`);
  }
  return text;
}

function collectUrl(text: string, before: string[] = []): string[] {
  const url = URL.parse(text);
  const isOrigin = url !== null && url.protocol === 'https:' && url.pathname === '/' && !url.search;
  if (!isOrigin) throw new InvalidArgumentError('It must be https://host:port.');
  return [...before, text];
}

function collectThreshold(text: string, before: Threshold[] = []): Threshold[] {
  try {
    return [...before, parseThreshold(text)];
  } catch (error) {
    throw error instanceof ThresholdSyntaxError ? new InvalidArgumentError(error.message) : error;
  }
}
