import { mkdtemp, rm } from 'node:fs/promises';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAdminClient } from '@pushfleet/admin-sdk';
import type { admin, PushfleetError } from '@pushfleet/protocol';
import { expect, it } from 'vitest';
import { ClusterProcess } from './cluster/cluster-process.ts';
import { eventually } from './cluster/eventually.ts';
import { findAdjacentPorts, findFreePorts } from './cluster/free-ports.ts';
import { freeze } from './cluster/freeze.ts';
import { heartbeats } from './cluster/heartbeats.ts';
import { childrenOf, isGone } from './cluster/processes.ts';
import { TestCluster } from './cluster/test-cluster.ts';
import type { TestDevice } from './cluster/test-devices.ts';

const endlessLoop = join(import.meta.dirname, 'cluster/endless-loop.ts');
const forceSync = { forceSync: {} };

async function nodeOf(cluster: TestCluster, nodeId = 'dp-0'): Promise<admin.Node> {
  const found = (await cluster.nodes()).find((each) => each.nodeId === nodeId);
  if (!found) throw new Error(`${nodeId} is not listed`);
  return found;
}

async function allReachable(cluster: TestCluster, devices: readonly TestDevice[]): Promise<void> {
  for (const { id } of devices) {
    await eventually(`${id} is reachable`, async () => {
      const { status } = await cluster.admin.commands.push({ deviceId: id, operation: forceSync });
      return status?.outcome === 'OUTCOME_SUCCEEDED';
    });
  }
}

/** Which of them a worker holds, by asking for their sessions. */
async function heldBy(cluster: TestCluster, workerId: string, devices: readonly TestDevice[]): Promise<TestDevice[]> {
  const found = await Promise.all(devices.map(({ id }) => cluster.admin.devices.get(id)));
  return devices.filter((_, index) => found[index]?.session?.workerId === workerId);
}

/** The worker that holds the most of them, which the kernel has spread as it likes; and the other one of the two. */
async function byLinks(
  cluster: TestCluster,
  workers: readonly admin.Worker[],
  devices: readonly TestDevice[],
): Promise<[admin.Worker, admin.Worker]> {
  const held = new Map<admin.Worker, number>();
  for (const worker of workers) held.set(worker, (await heldBy(cluster, worker.workerId, devices)).length);
  return [...held].toSorted(([, a], [, b]) => b - a).map(([worker]) => worker) as [admin.Worker, admin.Worker];
}

/** Longer than a busy machine keeps a process from the processor. */
const twoWorkers = { PUSHFLEET_MAX_WORKERS: '2', PUSHFLEET_HUNG_AFTER_MS: '8000' };

it('a worker in an endless loop gets nothing new, is killed and replaced, and nobody waits for it', async () => {
  await using cluster = await TestCluster.create({
    maxConnections: 1_000,
    environment: { ...twoWorkers, NODE_OPTIONS: `--import=${endlessLoop}` },
  });
  const devices = await cluster.devices.connect(18);
  const whole = await nodeOf(cluster);
  const [victim, other] = await byLinks(cluster, whole.workers, devices);
  const held = await heldBy(cluster, victim.workerId, devices);
  process.kill(victim.pid, 'SIGUSR2');
  // What came before the signal was heard, it would still do.
  await cluster.pushServers[0]?.said(`process ${victim.pid} loops`);

  const inFlight = held.map(({ id }) => cluster.admin.commands.push({ deviceId: id, operation: forceSync }));
  // Nothing is said of the other one: on a busy machine that may fall silent for a moment, too.
  await eventually('it is told, and gets nothing new', async () => {
    const found = await nodeOf(cluster);
    expect(found).toMatchObject({
      problem: 'NODE_PROBLEM_WORKER_SILENT',
      problemDetail: expect.stringContaining(`worker ${victim.workerId} says nothing`),
    });
    const full = found.workers.find(({ workerId }) => workerId === victim.workerId) as admin.Worker;
    expect(full.capacity).toBe(full.live);
    expect(found.capacity).toBe(other.capacity + full.live);
    return true;
  });
  await cluster.balancers[0]?.said('a worker cannot be reached');
  const { status } = await cluster.admin.commands.push({ deviceId: held[0]?.id as string, operation: forceSync });
  expect(status?.outcome).toBe('OUTCOME_NOT_CONNECTED');

  // On a busy machine it takes the loop a while to use as much of the processor as shows that it is one.
  const isReplaced = async () => {
    const found = await nodeOf(cluster);
    expect(found).toMatchObject({ capacity: whole.capacity, problem: 'NODE_PROBLEM_UNSPECIFIED' });
    return found.workers.length === 2 && found.workers.every(({ pid }) => pid !== victim.pid);
  };
  await eventually('it is replaced', isReplaced, 60_000);
  expect(isGone(victim.pid)).toBe(true);
  expect(cluster.pushServers[0]?.output).toContain(`worker ${victim.workerId} has said nothing for`);
  const outcomes = (await Promise.all(inFlight)).map(({ status }) => status?.outcome);
  expect(outcomes).toEqual(held.map(() => 'OUTCOME_UNKNOWN'));
  await allReachable(cluster, devices);
  // The kernel gives each worker its share of new connections, and none of them hangs.
  await allReachable(cluster, await cluster.devices.connect(18, 'later'));
});

it('a worker that is stopped keeps its links: another one takes its place, and it ends when its last device has left', async () => {
  await using cluster = await TestCluster.create({ maxConnections: 1_000, environment: twoWorkers });
  const devices = await cluster.devices.connect(18);
  const ends: string[] = [];
  for (const { id, device } of devices) {
    device.onStatus((status) => {
      if ('cause' in status) ends.push(`${id}: ${status.cause?.reason}`);
    });
  }
  const whole = await nodeOf(cluster);
  const [victim] = await byLinks(cluster, whole.workers, devices);
  const held = await heldBy(cluster, victim.workerId, devices);
  // One that is told why its link ends: MQTT 3.1.1 has no words for it.
  const moving = held.find(({ link }) => link !== 'mqtt3');
  const staying = held.filter((one) => one !== moving);
  process.kill(victim.pid, 'SIGSTOP');

  const isAside = async () => {
    const found = await nodeOf(cluster);
    expect(found).toMatchObject({
      ...{ status: 'NODE_STATUS_READY', capacity: whole.capacity, problem: 'NODE_PROBLEM_WORKER_SILENT' },
      problemDetail: expect.stringContaining(`worker ${victim.workerId} says nothing; another one does its work`),
    });
    return found.workers.length === 3;
  };
  await eventually('another one has taken its place', isAside, 40_000);
  // None of these waits for it: what connects to its socket is taken by the other one. One of them was linked to it.
  const later = await cluster.devices.connect(18, 'later');
  const again = cluster.devices.create(moving?.id as string);
  again.device.start();
  await again.device.connected(AbortSignal.timeout(40_000));
  await allReachable(cluster, [...later, again]);
  const { status } = await cluster.admin.commands.push({ deviceId: staying[0]?.id as string, operation: forceSync });
  // Whether its channel is known to lead nowhere by then or not: nothing is called delivered.
  expect(['OUTCOME_NOT_CONNECTED', 'OUTCOME_UNKNOWN']).toContain(status?.outcome);

  process.kill(victim.pid, 'SIGCONT');
  await allReachable(cluster, devices);
  await eventually('it is well', async () => (await nodeOf(cluster)).problem === 'NODE_PROBLEM_UNSPECIFIED');
  expect((await heldBy(cluster, victim.workerId, devices)).map(({ id }) => id)).toEqual(staying.map(({ id }) => id));
  await eventually('the link that was left is closed', () => ends.length > 0);
  // It learns that from the one that took over, or from the registry: whichever comes first once it runs again.
  const ended = ['sessionTakenOver', 'sessionEnded'].map((reason) => [`${moving?.id}: ${reason}`]);
  expect(ended).toContainEqual(ends);
  await eventually('it has room for the links that it has, and no more', async () => {
    const { capacity, live } = (await nodeOf(cluster)).workers.find(({ pid }) => pid === victim.pid) as admin.Worker;
    return capacity === staying.length && live === staying.length;
  });

  await Promise.all(staying.map(({ device }) => device.stop()));
  await eventually('it has ended', async () => (await nodeOf(cluster)).workers.length === 2 && isGone(victim.pid));
  expect(cluster.pushServers[0]?.output).not.toContain('worker ended');
  await allReachable(cluster, later);
});

it('workers are not killed for a silence in which the supervisor did not listen', async () => {
  await using cluster = await TestCluster.create({
    environment: { PUSHFLEET_MAX_WORKERS: '2', PUSHFLEET_HUNG_AFTER_MS: '6000' },
  });
  const devices = await cluster.devices.connect(6);
  const supervisor = cluster.pushServers[0]?.pid as number;
  const pids = (await nodeOf(cluster)).workers.map(({ pid }) => pid);
  // Nor is the supervisor silenced by their load: it gets the processor before them.
  expect(pids.map((pid) => getPriority(pid) - getPriority(supervisor))).toEqual([3, 3]);
  await freeze(cluster, [supervisor]);
  await eventually(
    'it is silent for longer than a worker may be',
    async () => (await nodeOf(cluster)).silentForMs > 8_500,
  );
  process.kill(supervisor, 'SIGCONT');
  // Several looks at the workers later.
  await heartbeats(cluster, 'dp-0', 4);
  expect((await nodeOf(cluster)).workers.map(({ pid }) => pid)).toEqual(pids);
  expect(cluster.pushServers[0]?.output).not.toContain('has said nothing');
  await allReachable(cluster, devices);
});

it('a supervisor that hangs is ended by its workers, which send their devices elsewhere', async () => {
  await using cluster = await TestCluster.create({
    pushServers: 2,
    environment: {
      PUSHFLEET_MAX_WORKERS: '2',
      PUSHFLEET_HUNG_AFTER_MS: '2000',
      NODE_OPTIONS: `--import=${endlessLoop}`,
    },
  });
  const devices = await cluster.devices.connect(12);
  const victim = cluster.pushServers[0];
  const pids = (await nodeOf(cluster)).workers.map(({ pid }) => pid);
  process.kill(victim?.pid as number, 'SIGUSR2');
  await eventually('it is gone, with its workers', () => !victim?.isRunning && pids.every(isGone), 40_000);
  await allReachable(cluster, devices);
  // A heartbeat counts them, after they can be reached.
  await eventually('all are on the other one', async () => (await nodeOf(cluster, 'dp-1')).live === devices.length);
});

// These two wait, and leave the processor to others.
it.concurrent('a balancer that hangs is passed over by devices and Administration Servers that know another one', async () => {
  await using cluster = await TestCluster.create({ balancers: 2 });
  const [device] = await cluster.devices.connect(1);
  const address = cluster.balancerPorts.map(({ admin }) => `127.0.0.1:${admin}`);
  using admin = createAdminClient({ address, ca: cluster.ca, token: await cluster.token });
  await admin.nodes.list();
  await cluster.devices.register('later');
  // It asks the first balancer first.
  const later = cluster.devices.create('later', { random: () => 0 });
  const victim = cluster.balancers[0]?.pid as number;
  process.kill(victim, 'SIGSTOP');
  try {
    const push = () => admin.commands.push({ deviceId: device?.id as string, operation: forceSync });
    const inFlight = push().then(
      ({ status }) => status?.outcome,
      (error: PushfleetError) => error.code,
    );
    later.device.start();
    await later.device.connected(AbortSignal.timeout(40_000));
    expect(await inFlight).toBe('UNREACHABLE');
    expect((await push()).status?.outcome).toBe('OUTCOME_SUCCEEDED');
  } finally {
    process.kill(victim, 'SIGCONT');
  }
});

it.concurrent('pushfleet dev says which of its processes hangs, once, and can be ended all the same', async () => {
  const stateDir = await mkdtemp(join(tmpdir(), 'pushfleet-hung-'));
  const [assign, admin, rest] = await findFreePorts(3);
  const dev = new ClusterProcess('dev', ['dev'], {
    PUSHFLEET_STATE_DIR: stateDir,
    PUSHFLEET_ASSIGN_PORT: `${assign}`,
    PUSHFLEET_ADMIN_PORT: `${admin}`,
    PUSHFLEET_REST_PORT: `${rest}`,
    PUSHFLEET_DEV_DEVICE_PORT: `${await findAdjacentPorts(3)}`,
  });
  await dev.said('30 SUCCEEDED', 60_000);
  const [balancer = 0] = childrenOf(dev.pid);
  process.kill(balancer, 'SIGSTOP');
  const hangs = `balancer (process ${balancer}) hangs`;
  await dev.said(hangs, 60_000);
  await dev.stop('SIGINT');
  expect(dev.output.split(hangs)).toHaveLength(2);
  expect(isGone(balancer)).toBe(true);
  await rm(stateDir, { recursive: true, force: true });
});
