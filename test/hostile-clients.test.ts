import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { limits } from '@pushfleet/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closed } from './cluster/closed.ts';
import { controlPort } from './cluster/control-port.ts';
import { eventually } from './cluster/eventually.ts';
import { approaches } from './cluster/raw-clients.ts';
import { TestCluster } from './cluster/test-cluster.ts';

const forceSync = { forceSync: {} };
/** The deadline to greet, and what a busy machine may add. */
const patienceMs = limits.greetingDeadlineMs + 10_000;

describe('a client that follows no rules', () => {
  let cluster: TestCluster;
  let ports: [string, number][];

  beforeAll(async () => {
    cluster = await TestCluster.create({ environment: { PUSHFLEET_MAX_WORKERS: '1' } });
    await cluster.devices.connect(3);
    const [{ assign = 0, admin = 0, rest = 0 } = {}] = cluster.balancerPorts;
    ports = [
      ['assignment', assign],
      ['admin', admin],
      ['REST', rest],
      ['device', cluster.devicePorts[0] as number],
      ['control', await controlPort(cluster)],
    ];
  });

  afterAll(() => cluster[Symbol.asyncDispose]());

  it('is cut off on every port when it says nothing', async () => {
    const open = await openEverywhere(ports);
    await Promise.all(open.map(({ what, socket }) => expectClosed(what, socket)));
  });

  it('is cut off on every port when it sends a megabyte of random bytes, and nobody else notices', async () => {
    const before = await openFiles(cluster);
    const open = await openEverywhere(ports);
    for (const { socket } of open) if (!socket.destroyed) socket.write(randomBytes(1_048_576));
    await Promise.all(open.map(({ what, socket }) => expectClosed(what, socket)));
    for (const { id } of cluster.devices.all) {
      const { status } = await cluster.admin.commands.push({ deviceId: id, operation: forceSync });
      expect(status?.outcome).toBe('OUTCOME_SUCCEEDED');
    }
    await eventually('every file that was opened for them is closed', async () => (await openFiles(cluster)) <= before);
    expect([...cluster.balancers, ...cluster.pushServers].every(({ isRunning }) => isRunning)).toBe(true);
  });
});

async function openEverywhere(ports: [string, number][]): Promise<{ what: string; socket: Socket }[]> {
  const pairs = ports.flatMap(([name, port]) => approaches.map((approach) => ({ name, port, approach })));
  return Promise.all(
    pairs.map(async ({ name, port, approach }) => ({
      what: `${name} port, ${approach.name}`,
      socket: await approach.connect(port),
    })),
  );
}

async function expectClosed(what: string, socket: Socket): Promise<void> {
  await closed(socket, patienceMs).catch(() => {
    throw new Error(`still open: ${what}`);
  });
}

/** Open files of all processes of the cluster. */
async function openFiles(cluster: TestCluster): Promise<number> {
  const workers = (await cluster.nodes()).flatMap((node) => node.workers.map(({ pid }) => pid));
  const pids = [...cluster.balancers.map(({ pid }) => pid), ...workers];
  const counts = await Promise.all(pids.map(async (pid) => (await readdir(`/proc/${pid}/fd`)).length));
  return counts.reduce((sum, count) => sum + count, 0);
}
