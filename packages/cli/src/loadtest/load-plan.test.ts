import type { ScenarioName } from '@pushfleet/loadtest';
import { Command } from 'commander';
import { expect, it } from 'vitest';
import { planOf, usedOptions } from './load-plan.ts';
import { addLoadOptions, type LoadFlags } from './options.ts';

/** The plan of a command line, or the words with which it is refused. */
function plan(scenario: ScenarioName, line = '') {
  return read(line, (flags) => planOf(scenario, flags));
}

function read<Value>(line: string, of: (flags: LoadFlags) => Value): Value | string {
  const words: string[] = [];
  const command = addLoadOptions(new Command('loadtest')).exitOverride();
  command.configureOutput({ writeErr: (text) => words.push(text) });
  try {
    command.parse(line.split(' ').filter(Boolean), { from: 'user' });
    return of(command.opts() as LoadFlags);
  } catch (error) {
    return words.join('') || (error as Error).message;
  }
}

it('has a plan without a single option', () => {
  expect(plan('connect-ramp')).toMatchObject({
    devices: 100,
    link: 'mixed',
    connectsPerSecond: 300,
    push: undefined,
    durationMs: 60_000,
    patienceMs: 10_000,
    resumption: true,
    processes: 1,
    addresses: 1,
  });
  expect(plan('connect-storm')).toMatchObject({ connectsPerSecond: Number.POSITIVE_INFINITY });
  expect(plan('steady-push')).toMatchObject({ push: { kind: 'closed', inFlight: 64 } });
  expect(plan('pause', '--start-cluster')).toMatchObject({ durationMs: 20_000, pausedRole: 'worker', busyLoops: 0 });
  expect(plan('soak')).toMatchObject({ churnPerSecond: 0.01, push: { kind: 'open', perSecond: 100 } });
});

it('takes what it is told', () => {
  const line =
    '--start-cluster --devices 50000 --rate 2100 --ignore-connect-after --no-resumption --plain --push-rate 50 --rest 20s --processes 4';
  expect(plan('connect-ramp', line)).toMatchObject({
    connectsPerSecond: 2_100,
    ignoreConnectAfter: true,
    resumption: false,
    plain: true,
    push: { kind: 'open', perSecond: 50 },
    restMs: 20_000,
    processes: 4,
    addresses: 5,
  });
});

it.each<[ScenarioName, string, RegExp]>([
  ['connect-ramp', '--devices 0', /--devices.*whole number, 1 to 200000/],
  ['connect-ramp', '--devices 200001', /1 to 200000/],
  ['connect-ramp', '--devices 1e3', /1 to 200000/],
  ['connect-ramp', '--link mqtt', /mqtt5, mqtt311, grpc, mixed/],
  ['connect-ramp', '--duration 60', /number with a unit/],
  ['connect-ramp', '--patience 1ms', /at least 100ms/],
  ['connect-ramp', '--push-rate 5 --in-flight 5', /exclude each other/],
  ['connect-ramp', '--durable', /--push-rate or --in-flight/],
  ['connect-ramp', '--churn 2', /--churn does not apply to connect-ramp: it is for soak/],
  ['connect-ramp', '--rest 5s', /--rest is about commands: add --push-rate or --in-flight/],
  ['connect-storm', '--rate 5', /--rate does not apply to connect-storm/],
  ['group-sync', '--duration 5s', /--duration does not apply to group-sync: it is for connect-ramp, .*soak$/],
  ['group-sync', '--rest 5s', /--rest does not apply to group-sync: it is for connect-ramp/],
  ['tunnel-throughput', '--duration 5s', /--duration does not apply to tunnel-throughput/],
  ['steady-push', '--rest 5s', /--rest does not apply to steady-push/],
  ['soak', '--churn 101', /100 at most/],
  ['soak', '--churn 0', /greater than 0/],
  ['node-loss', '', /--start-cluster.*--victim-pid/],
  ['node-loss', '--victim-pid 1 --concentrate', /--concentrate.*--start-cluster/],
  ['soak', '--push-servers 2', /--push-servers is for a cluster that is started/],
  ['soak', '--redis-url redis://x', /--redis-url is for a cluster that is started/],
  ['soak', '--start-cluster --redis-url http://x', /--redis-url.*redis:\/\//],
  ['soak', '--start-cluster --group X', /--group is for a cluster that is running/],
  ['soak', '--balancer localhost:13000', /https:\/\/host:port/],
  ['soak', '--balancer http://127.0.0.1:13000', /https:\/\/host:port/],
  ['pause', '', /--start-cluster.*--victim-pid/],
  ['pause', '--start-cluster --pause redis', /--pause redis.*--start-redis/],
  ['pause', '--start-cluster --pause node', /worker, supervisor, balancer, redis/],
  ['soak', '--pause worker', /--pause does not apply to soak: it is for pause/],
  ['soak', '--start-redis', /--start-redis is for a cluster that is started/],
  ['soak', '--start-cluster --start-redis --redis-url redis://x', /exclude each other/],
  ['soak', '--busy-loops 0', /--busy-loops.*1 to 256/],
  ['soak', '--fail-if nonsense', /METRIC OPERATOR NUMBER/],
])('refuses %s %s, and says what would be right', (scenario, line, words) => {
  expect(plan(scenario, line)).toMatch(words);
});

it('refuses a condition about a phase that the scenario does not have', () => {
  const failIf = (phase: string) => `--start-cluster --fail-if links.lost@${phase}>0`;
  for (const [scenario, phase] of [
    ...[['connect-ramp', 'ramp'] as const, ['group-sync', 'sync-12'] as const, ['pause', 'settled'] as const],
    ...[['rolling-drain', 'drain-dp-1.a'] as const, ['tunnel-throughput', 'from-device-1'] as const],
  ]) {
    expect(plan(scenario, failIf(phase)), phase).toMatchObject({ scenario });
  }
  expect(plan('connect-ramp', failIf('rmap'))).toBe(
    "--fail-if 'links.lost@rmap>0': connect-ramp has no phase rmap; it has base, rest, ramp, hold",
  );
  for (const phase of ['sync', 'sync-0', 'sync-N', 'async-1']) {
    expect(plan('group-sync', failIf(phase)), phase).toContain(
      `group-sync has no phase ${phase}; it has connect, sync-N`,
    );
  }
});

it('says how many processes a large fleet takes at least', () => {
  expect(plan('soak', '--devices 200000 --processes 1')).toMatch(/--processes 1: .*\d+ or more are needed/);
});

it('keeps every option with the value that was used, given or not', () => {
  const options = (scenario: ScenarioName, line: string, ofCluster = {}) =>
    read(line, (flags) => usedOptions(scenario, flags, ofCluster));
  const ofRunning = { balancer: ['https://127.0.0.1:13000'], group: 'Demo' };
  const given = '--duration 60s --link mixed --rate 300 --keep-alive 60s --in-flight 64 --busy-loops 1';
  expect(options('steady-push', given, ofRunning)).toEqual({
    ...(options('steady-push', '', ofRunning) as object),
    'busy-loops': 1,
  });
  expect(options('group-sync', '', ofRunning)).toEqual({
    ...{ devices: 100, link: 'mixed', plain: false, rate: 300, patience: 10_000, resumption: true, rounds: 3 },
    ...{ 'keep-alive': 60_000, 'assign-connections': 'each', 'ignore-connect-after': false, 'allow-remote': false },
    ...{ processes: 1, 'spread-addresses': 1, 'busy-loops': 0, 'start-cluster': false, 'fail-if': [] },
    ...{ balancer: ['https://127.0.0.1:13000'], group: 'Demo' },
  });
  const ofStarted = { pushServers: 3, maxConnections: 205 };
  expect(options('node-loss', '--start-cluster --fail-if spread>2', ofStarted)).toMatchObject({
    ...{ 'push-rate': 100, rest: 10_000, duration: 60_000, durable: false, concentrate: false },
    ...{ 'start-cluster': true, 'start-redis': false, 'push-servers': 3, 'max-connections': 205 },
    'fail-if': ['spread>2'],
  });
  expect(options('connect-storm', '')).toMatchObject({ rate: null });
  for (const name of ['rest', 'durable', 'churn', 'start-redis'])
    expect(options('connect-ramp', '')).not.toHaveProperty(name);
});

it('lets commands that are given take the place of those of the scenario', () => {
  expect(plan('steady-push', '--push-rate 5')).toMatchObject({ push: { kind: 'open', perSecond: 5 } });
  expect(plan('soak', '--in-flight 5')).toMatchObject({ push: { kind: 'closed', inFlight: 5 } });
});
