import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { eventually } from './cluster/eventually.ts';
import { TestCluster } from './cluster/test-cluster.ts';

const devices = 60;

/** Sockets of all processes that listen on the port. */
function countListening(port: number): number {
  const [, ...rows] = readFileSync('/proc/net/tcp', 'utf8').trim().split('\n');
  const listening = '0A';
  return rows.filter((row) => {
    const [, local = '', , state] = row.trim().split(/\s+/);
    return state === listening && Number.parseInt(local.split(':')[1] ?? '', 16) === port;
  }).length;
}

it('a full worker takes no connections as long as another one has room, and takes them again', async () => {
  // Two workers with 31 + 16 places each.
  await using cluster = await TestCluster.create({ maxConnections: 62, environment: { PUSHFLEET_MAX_WORKERS: '2' } });
  const [port = 0] = cluster.devicePorts;
  const workers = async () => (await cluster.node('dp-0'))?.workers ?? [];
  const worker = async (id: string) => (await workers()).find(({ workerId }) => workerId === id);
  const connected = await cluster.devices.connect(devices);
  await eventually('both workers listen', () => countListening(port) === 2);

  // The kernel gives those that come back to the worker that has kept its own, at least half of them: two losses fill it. It lets them in
  // beyond its places, as they come from another worker of its push server.
  await eventually('a worker is full', async () => {
    const [kept, lost] = [await worker('w0'), await worker('w1')];
    if (kept && kept.live >= kept.capacity) return true;
    if (lost && kept && lost.live + kept.live === devices) process.kill(lost.pid, 'SIGKILL');
    return false;
  });
  // The lost one may still be starting.
  const [full, other] = await eventually(
    'every device is back, and the full one alone does not listen',
    async () => {
      const [kept, restarted] = [await worker('w0'), await worker('w1')];
      const isEveryoneBack = kept && restarted && kept.live + restarted.live === devices;
      return isEveryoneBack && countListening(port) === 1 && ([kept, restarted] as const);
    },
    30_000,
  );

  for (const { device } of connected.slice(0, devices / 2)) await device.stop();
  await eventually('both listen again', () => countListening(port) === 2);
  expect((await worker('w0'))?.pid).toBe(full.pid);
  expect((await worker('w1'))?.pid).toBe(other.pid);
});
