import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { type LoadReport, loadReportSchema } from '@pushfleet/loadtest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './cluster/eventually.ts';
import { childrenOf } from './cluster/processes.ts';
import { TestCluster } from './cluster/test-cluster.ts';
import { binary, runTool } from './cluster/tools.ts';

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await TestCluster.create({ pushServers: 2 });
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
});

/** A step of a device takes longer than its default patience where several loads share two cores: none of them is to begin anew. */
const patient = ['--patience', '60s'];

let runs = 0;

/** Runs a scenario against the running cluster, as an operator does. */
async function run(...args: string[]) {
  runs += 1;
  const json = join(cluster.stateDir, `report-${runs}.json`);
  const balancer = ['--balancer', cluster.assignUrls[0] as string];
  const { status, output, errors } = await cluster.run('loadtest', ...args, ...balancer, '--json', json);
  if (status !== 0 && status !== 2) throw new Error(`status ${status}: ${errors}`);
  const report = loadReportSchema.parse(JSON.parse(await readFile(json, 'utf8')));
  return { report, status, output, errors };
}

/** A run that is not to fail. */
async function load(...args: string[]): Promise<LoadReport> {
  const { report, status, errors } = await run(...args);
  expect(status, errors).toBe(0);
  return report;
}

// At the same time, as several operators do: each run has a group and devices of its own.
describe.concurrent('beside one another', () => {
  it('connects devices of every kind, and says what becomes of commands meanwhile', async () => {
    const report = await load(
      'connect-ramp',
      '--devices',
      '40',
      '--push-rate',
      '40',
      '--duration',
      '1s',
      '--rest',
      '2s',
      ...patient,
    );
    const { summary, phases, latencies, processes } = report;
    expect(summary.devices).toEqual({ wanted: 40, connected: 40, peak: 40 });
    expect(summary.connects).toMatchObject({ offered: 40, succeeded: 40, failed: 0 });
    expect(summary.links.lost).toBe(0);
    expect(phases.map(({ name }) => name)).toEqual(['base', 'rest', 'ramp', 'hold']);
    expect(phases[1]?.latencies.push?.count).toBeGreaterThan(0);
    expect(latencies.delivered?.count).toBe(summary.pushes.sent);
    expect(summary.pushes.succeeded).toBe(summary.pushes.sent);
    // Workers are found by themselves, and the tool's own processes are told apart.
    expect(new Set(processes.map(({ role }) => role))).toEqual(new Set(['worker', 'load']));
    // Devices of the loads beside this one come and go meanwhile.
    expect(summary.spread).toBeGreaterThanOrEqual(1);
    expect(summary.spread).toBeLessThan(2);
  });

  it('lets all come at once, over MQTT 3.1.1 and connections to balancers that they share; judges the run', async () => {
    const storm = ['connect-storm', '--devices', '60', '--link', 'mqtt311', '--assign-connections', 'shared'];
    const more = ['--duration', '1s', '--ignore-connect-after', '--keep-alive', '5s'];
    const { report, status, output } = await run(...storm, ...more, '--fail-if', 'connect.succeeded < 100');
    expect(report.summary.devices.connected).toBe(60);
    expect(report.summary.pushes.sent).toBe(0);
    expect(status).toBe(2);
    expect(output).toContain('connect.succeeded is 60');
  });

  it('synchronizes the whole group', async () => {
    const { summary, latencies } = await load('group-sync', '--devices', '30', '--rounds', '2');
    expect(summary.groupSync).toMatchObject({ devices: 30, answered: 30, allAnsweredMs: expect.any(Number) });
    expect(latencies.groupSync?.count).toBe(2);
  });

  it('lets devices leave and come back, and resumes TLS sessions', async () => {
    // All leave in each second, so that one in which the load gets a turn is enough.
    const { summary } = await load('soak', '--devices', '30', '--churn', '100', '--rest', '1s', '--duration', '3s');
    expect(summary.links.closed).toBeGreaterThan(10);
    expect(summary.links.lost).toBe(0);
    expect(summary.devices.connected).toBe(30);
    expect(summary.resumedShare).toBeGreaterThan(0);
  });

  it('carries data through tunnels, both ways, over either link', async () => {
    const tunnels = ['tunnel-throughput', '--devices', '4', '--tunnels', '4', '--megabytes', '1', '--rounds', '1'];
    const { summary, errors } = await load(...tunnels, ...patient);
    expect(errors).toEqual([]);
    expect(summary.tunnel?.bytes).toBe(8_000_000);
  });

  it('says what the token may not do, where it may not make devices', async () => {
    const { secret } = await cluster.admin.tokens.create({ name: 'sees', role: 'viewer' });
    const file = join(cluster.stateDir, 'viewer.token');
    await writeFile(file, secret);
    const refused = await runTool(process.execPath, [binary, 'loadtest', 'connect-ramp'], {
      PUSHFLEET_STATE_DIR: cluster.stateDir,
      PUSHFLEET_ADMIN_ADDRESS: `127.0.0.1:${cluster.balancerPorts[0]?.admin}`,
      PUSHFLEET_ADMIN_TOKEN_FILE: file,
      PUSHFLEET_ASSIGN_PORT: String(cluster.balancerPorts[0]?.assign),
    });
    expect(refused).toMatchObject({ status: 1, errors: expect.stringMatching(/token.*"sees".*viewer/s) });
  });

  it('makes no group of a misspelt name', async () => {
    const refused = await cluster.run('loadtest', 'connect-ramp', '--group', 'Tset');
    expect(refused).toMatchObject({
      status: 1,
      errors: expect.stringContaining('--group Tset: there is no such group'),
    });
  });

  it('ends early while tunnels carry more than they will ever have carried', async () => {
    const json = join(cluster.stateDir, 'interrupted.json');
    const args = ['tunnel-throughput', '--devices', '5', '--megabytes', '100000', '--json', json, ...patient];
    const child = spawn(
      process.execPath,
      [binary, 'loadtest', ...args, '--balancer', cluster.assignUrls[0] as string],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: {
          ...process.env,
          PUSHFLEET_STATE_DIR: cluster.stateDir,
          PUSHFLEET_ADMIN_ADDRESS: `127.0.0.1:${cluster.balancerPorts[0]?.admin}`,
        },
      },
    );
    const closed = once(child, 'close');
    let isInterrupted = false;
    for await (const line of createInterface(child.stderr)) {
      // Once: with the next line of progress, 5 s later, it may still be making its report, and would end without it.
      if (!isInterrupted && line.includes('to-device-1')) isInterrupted = child.kill('SIGINT');
    }
    expect(await closed).toEqual([0, null]);
    const { endedEarly, phases, errors } = loadReportSchema.parse(JSON.parse(await readFile(json, 'utf8')));
    expect(endedEarly).toBe('interrupted');
    expect(phases.map(({ name }) => name)).toEqual(['connect', 'to-device-1']);
    expect(errors).toEqual([]);
  });

  it('stops no process that is not what it should be', async () => {
    const pid = String(cluster.pushServers[0]?.pid);
    const refused = await cluster.run('loadtest', 'pause', '--pause', 'balancer', '--victim-pid', pid);
    expect(refused).toMatchObject({ status: 1, errors: expect.stringContaining('no balancer is this process') });
  });
});

it('leaves nothing behind', async () => {
  const groups = await cluster.admin.groups.list();
  expect(groups.map(({ path }) => path)).toEqual(['Test']);
  await eventually('no link is left', async () => (await cluster.nodes()).every(({ live }) => live === 0));
});

it('says at once that the Redis server of its own cluster is gone, also while that starts', async () => {
  const args = ['steady-push', '--devices', '1', '--start-cluster', '--start-redis'];
  const child = spawn(process.execPath, [binary, 'loadtest', ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  const said = text(child.stderr);
  const redis = await eventually('a balancer starts beside its Redis server', () => {
    const [keeper = 0, balancer] = childrenOf(child.pid as number);
    return balancer !== undefined && childrenOf(keeper)[0];
  });
  process.kill(redis, 'SIGKILL');
  expect(await said).toContain('pushfleet: the Redis server of --start-redis has ended');
});

it('pushes durable commands, so many at a time, from several processes', async () => {
  const push = [
    'steady-push',
    '--devices',
    '12',
    '--in-flight',
    '8',
    '--duration',
    '1s',
    '--durable',
    '--processes',
    '2',
  ];
  const { summary, outcomes, latencies } = await load(...push);
  expect(summary.pushes.failed).toBe(0);
  expect(outcomes).toEqual({ SUCCEEDED: summary.pushes.succeeded });
  expect(latencies.delivered?.count).toBeGreaterThanOrEqual(summary.pushes.succeeded);
});

// A process that is stopped may hold the lock of the embedded registry: nobody else's commands are to meet that.
it('stops the process that it is told to, and says what became of links and commands', async () => {
  const pid = String(cluster.pushServers[0]?.pid);
  const pause = ['pause', '--pause', 'supervisor', '--victim-pid', pid, '--devices', '20', '--keep-alive', '1s'];
  const { summary, phases, processes } = await load(...pause, '--rest', '1s', '--duration', '2s');
  expect(summary.pause).toMatchObject({ role: 'supervisor', name: 'dp-0', lostMeanwhile: 0, lostAfterwards: 0 });
  expect(summary.pause?.pausedMs).toBeGreaterThanOrEqual(2_000);
  expect(summary.pause?.answeredAgainMs).toEqual(expect.any(Number));
  expect(phases.map(({ name }) => name)).toEqual(['connect', 'rest', 'paused', 'settled']);
  expect(phases[2]?.outcomes.SUCCEEDED).toBeGreaterThan(0);
  expect(processes.find((process) => process.name === 'dp-0')).toMatchObject({ pid: Number(pid), endedAtMs: null });
});

it('drains one push server after the other', async () => {
  const { summary, phases } = await load('rolling-drain', '--devices', '20', '--duration', '1s', '--rest', '1s');
  expect(phases.map(({ name }) => name)).toEqual(['connect', 'rest', 'drain-dp-0', 'drain-dp-1', 'hold']);
  expect(summary.closes).toEqual({ useAnotherServer: expect.any(Number) });
  expect(summary.devices.connected).toBe(20);
});

it('kills the push server that it is told to, and sees its devices come back', async () => {
  const victim = cluster.pushServers[1];
  const loss = [
    'node-loss',
    '--devices',
    '20',
    '--victim-pid',
    String(victim?.pid),
    '--rest',
    '1s',
    '--duration',
    '1s',
  ];
  const { summary, remarks } = await load(...loss);
  const { lost = 0, ...recovery } = summary.recovery ?? {};
  expect(lost).toBeGreaterThan(0);
  expect(recovery).toMatchObject({ returned: lost, allBackMs: expect.any(Number) });
  expect(summary.devices.connected).toBe(20);
  expect(remarks).toContainEqual(`dp-1 was killed with ${lost} links.`);
  expect(victim?.isRunning).toBe(false);
});
