import type { DeviceId } from '@pushfleet/protocol';
import type { Cluster } from '../actors/cluster.ts';

/** No process needs more timers than that when nothing happens, nor has so much waiting. */
const mostTimers = 200;
const mostBacklog = 200;
/** A rebalance begins beyond that. */
const unevenLinks = 20;
const unevenShare = 0.1;
/** A place is kept for 30 s from the time for which it is promised, which is soon where nobody waits. */
const reservedMs = 45_000;

/** Holds once nothing has gone wrong for a while: all devices are connected, and nothing is left over. */
export async function checkRest(cluster: Cluster): Promise<void> {
  const { world, devices } = cluster;
  for (const { id, isWanted, status } of devices) {
    const isConnected = status.kind === 'connected';
    if (isWanted && !isConnected) world.find('does not come back', `is ${status.kind}`, { device: id });
    if (!isWanted && isConnected) world.find('a deleted device is connected', '', { device: id });
  }
  const connected = new Map(
    devices.flatMap(({ id, status }) => (status.kind === 'connected' ? [[id, status.server.nodeId] as const] : [])),
  );
  await checkSessions(cluster, connected);
  await checkReservations(cluster);
  checkSpread(cluster, connected);
  checkProcesses(cluster);
}

/** The registry has a session for each link, and no other. Where foreign devices are, nobody else knows. */
async function checkSessions(
  { world, registry, devices }: Cluster,
  connected: ReadonlyMap<string, string>,
): Promise<void> {
  const ids = devices.map(({ id }) => id as DeviceId);
  const sessions = await registry.ask((all) => all.sessions.findMany(ids));
  for (const [device, { nodeId: node }] of sessions) {
    const there = connected.get(device);
    if (there !== node) world.find('a session of nobody', `on ${node}; the device is on ${there}`, { device });
  }
  for (const device of connected.keys()) {
    if (!sessions.has(device as DeviceId)) world.find('a link without a session', '', { device });
  }
}

/** Foreign devices still come and go: each may have a place that it was just given. */
async function checkReservations({ world, registry, foreignDevices }: Cluster): Promise<void> {
  const expected = foreignDevices.filter(({ assignedAtMs }) => world.nowMs - assignedAtMs < reservedMs).length;
  const nodes = (await registry.ask((all) => all.nodes.list())).filter(({ reserved }) => reserved > 0);
  if (nodes.reduce((sum, { reserved }) => sum + reserved, 0) <= expected) return;
  for (const { nodeId, reserved } of nodes)
    world.find('reservations that nobody releases', `${reserved} on ${nodeId}`, { who: nodeId });
}

function checkSpread({ world, pushServers }: Cluster, connected: ReadonlyMap<string, string>): void {
  const loads = pushServers.map(({ nodeId }) => [...connected.values()].filter((node) => node === nodeId).length);
  const mean = connected.size / pushServers.length;
  const most = Math.max(...loads);
  if (most - mean > Math.max(unevenLinks, unevenShare * mean) + 1) world.find('uneven', `links: ${loads.join(', ')}`);
}

function checkProcesses({ world, pushServers, balancers, devices, foreignDevices, registry }: Cluster): void {
  const all = [...pushServers, ...balancers, ...foreignDevices].flatMap(({ processes }) => processes);
  const others = devices.flatMap(({ process }) => (process ? [process] : []));
  for (const { name, timerCount, backlog, isPaused } of [...all, ...others, registry.process]) {
    // A device that sleeps finds all that is meant for it when it wakes.
    if (isPaused) continue;
    if (timerCount > mostTimers) world.find('timers that are not disposed', `${name} has ${timerCount}`, { who: name });
    if (backlog > mostBacklog) world.find('a queue that grows', `${name}: ${backlog} wait`, { who: name });
  }
}
