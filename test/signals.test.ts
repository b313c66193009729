import { type ChildProcess, fork, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createStateDirectory, enrollPushServer } from 'pushfleet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClusterProcess } from './cluster/cluster-process.ts';
import { findAdjacentPorts, findFreePorts } from './cluster/free-ports.ts';
import { inParallel } from './cluster/in-parallel.ts';
import { binary } from './cluster/tools.ts';

const hooks = join(import.meta.dirname, 'cluster/signal-at-load.ts');
const workerEntry = join(import.meta.dirname, '../packages/push-server/dist/worker/main.js');

let stateDir: string;
let environment: Record<string, string>;

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'pushfleet-signals-'));
  await createStateDirectory({ path: stateDir });
  await enrollPushServer({ stateDir, distributionPoint: 'dp-1' });
  const [assign, admin, rest] = await findFreePorts(3);
  environment = {
    PATH: process.env.PATH ?? '',
    PUSHFLEET_STATE_DIR: stateDir,
    PUSHFLEET_BIND: '127.0.0.1',
    PUSHFLEET_ASSIGN_PORT: `${assign}`,
    PUSHFLEET_ADMIN_PORT: `${admin}`,
    PUSHFLEET_REST_PORT: `${rest}`,
    PUSHFLEET_ADMIN_ADDRESS: `127.0.0.1:${admin}`,
    PUSHFLEET_DEV_DEVICE_PORT: `${await findAdjacentPorts(3)}`,
    PUSHFLEET_DISTRIBUTION_POINT: 'dp-1',
  };
});

afterAll(() => rm(stateDir, { recursive: true, force: true }));

/** How it ended: its status, or the signal that ended it. */
async function endOf(child: ChildProcess): Promise<number | string> {
  await once(child, 'exit');
  return child.exitCode ?? String(child.signalCode);
}

function start(args: readonly string[], more: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, [binary, ...args], { env: { ...environment, ...more }, stdio: 'ignore' });
}

function startSignalled(args: readonly string[], at: string, signal: string): ChildProcess {
  const more = { PUSHFLEET_TEST_SIGNAL_AT: at, PUSHFLEET_TEST_SIGNAL: signal };
  return start(args, { ...more, NODE_OPTIONS: `--import=${hooks}` });
}

const moments = [
  ['SIGTERM', 'its manifest', 'packages/cli/package.json'],
  ['SIGINT', 'the first module', 'cli/dist/main.js'],
  ['SIGTERM', 'a command', 'cli/dist/servers/command.js'],
] as const;

describe.each([
  ['balancer', 'balancer/dist/run-balancer.js'],
  ['push-server', 'push-server/dist/supervisor/supervisor.js'],
  ['dev', 'cli/dist/dev/dev.js'],
])('%s that is told to stop while it is being loaded', (command, last) => {
  it.each([...moments, ['SIGINT', 'the last of it', last] as const])(
    'ends well: %s at %s',
    async (signal, _, module) => {
      expect(await endOf(startSignalled([command], module, signal))).toBe(0);
    },
  );
});

describe('a signal at any time after the start', () => {
  it.each(['balancer', 'push-server', 'dev'])('ends %s well', async (command) => {
    const offsets = Array.from({ length: 11 }, (_, index) => index * 50);
    const ends = await inParallel(1, offsets, async (afterMs) => {
      const child = start([command]);
      // Before it, Node.js has not begun to run the program: there is nobody who could hear, and nothing to stop.
      while (!(await hears(child))) await sleep(1);
      await sleep(afterMs);
      child.kill('SIGTERM');
      return { afterMs, end: await endOf(child) };
    });
    expect(ends).toEqual(offsets.map((afterMs) => ({ afterMs, end: 0 })));
  });
});

/** Whether the program's own handlers stand; Node.js itself handles SIGINT and SIGTERM, but not SIGHUP. */
async function hears({ pid }: ChildProcess): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, caught = '0'] = /^SigCgt:\s*(\w+)/m.exec(status) ?? [];
  return (BigInt(`0x${caught}`) & 1n) === 1n;
}

it('a worker is not ended by the signals that are for its supervisor, not even while it is being loaded', async () => {
  const task = { nodeId: 'dp-1', workerId: 'w0', bootId: randomUUID(), capacity: 1, groups: [] };
  const pair = { cert: 'certificate', key: 'key' };
  const credentials = { server: pair, cluster: { ...pair, ca: 'certificate' }, ticketSecret: '', redis: {} };
  for (const module of ['worker/run-worker.js', 'push-server/dist/worker/worker.js']) {
    const env = { ...environment, PUSHFLEET_TEST_SIGNAL_AT: module, NODE_OPTIONS: `--import=${hooks}` };
    const worker = fork(workerEntry, { env, execArgv: [] });
    worker.send({ kind: 'use-credentials', credentials });
    worker.send({ kind: 'start', task });
    worker.send({ kind: 'drain', withinMs: 0 });
    expect(await endOf(worker)).toBe(0);
  }
});

it.each(['balancer', 'push-server'])('%s does not wait for its registry when it is told to stop', async (command) => {
  const [port] = await findFreePorts(1);
  const child = start([command], { PUSHFLEET_REDIS_URL: `redis://127.0.0.1:${port}` });
  while (!(await hears(child))) await sleep(5);
  child.kill('SIGTERM');
  expect(await endOf(child)).toBe(0);
});

it('a command that administers ends by the signal, as shells expect it', async () => {
  expect(await endOf(startSignalled(['nodes'], 'cli/dist/main.js', 'SIGINT'))).toBe('SIGINT');
});

it('a load test that is ended while it is loaded says that there is nothing to report, and leaves no file', async () => {
  const json = join(stateDir, 'early.json');
  for (const module of ['loadtest/command.js', 'loadtest/load-plan.js', 'loadtest/report-outputs.js']) {
    const args = ['loadtest', 'connect-ramp', '--start-cluster', '--json', json];
    expect(await endOf(startSignalled(args, `cli/dist/${module}`, 'SIGINT')), module).toBe(1);
  }
  expect((await readdir(stateDir)).filter((name) => name.startsWith('early'))).toEqual([]);
});

it('a server outlives its terminal, and is stopped all the same', async () => {
  const balancer = new ClusterProcess('balancer', ['balancer'], environment);
  await balancer.said('balancer ready');
  process.kill(balancer.pid, 'SIGHUP');
  expect((await fetch(`http://127.0.0.1:${environment.PUSHFLEET_REST_PORT}/healthz`)).status).toBe(200);
  await balancer.stop();
});
