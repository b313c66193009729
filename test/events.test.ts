import { describe, expect, it } from 'vitest';
import { EventLog } from './cluster/event-log.ts';
import { eventually } from './cluster/eventually.ts';
import { linksOn } from './cluster/spread.ts';
import { TestCluster } from './cluster/test-cluster.ts';

/** Dead sooner than by default, and still longer than a busy machine keeps the other push server from the processor. */
const environment = { PUSHFLEET_SUSPECT_AFTER_MS: '5000', PUSHFLEET_DEAD_AFTER_MS: '8000' };

describe.each(['embedded', 'redis'] as const)('events on the %s registry', (registry) => {
  it('tell of a device that connects, moves and goes, in order, with epochs and places', async () => {
    await using cluster = await TestCluster.create({ pushServers: 2, registry });
    await using log = await EventLog.start(cluster.admin);
    const [device] = await cluster.devices.connect(1);
    const connected = await eventually('it is told', () => log.of('EVENT_KIND_DEVICE_CONNECTED')[0]);
    expect(connected).toMatchObject({ deviceId: 'device-0' });

    await cluster.admin.maintenance.drain({ nodeId: connected.nodeId });
    const moved = await eventually('the move is told', () => log.arrivals('device-0')[1]);
    expect(moved.nodeId).not.toBe(connected.nodeId);
    expect(moved.epoch).toBeGreaterThan(connected.epoch);
    await eventually('the drain is told', () => log.of('EVENT_KIND_NODE_DRAINING')[0]?.nodeId === connected.nodeId);
    // Each push server tells of what happened at its own with its next heartbeat.
    await eventually('the first end is told', () => log.of('EVENT_KIND_DEVICE_DISCONNECTED').length === 1);

    await device?.device.stop();
    const ends = await eventually('both ends are told', () => {
      const events = log.of('EVENT_KIND_DEVICE_DISCONNECTED');
      return events.length === 2 && events;
    });
    expect(ends.map(({ deviceId, epoch, nodeId }) => [deviceId, epoch, nodeId])).toEqual([
      ['device-0', connected.epoch, connected.nodeId],
      ['device-0', moved.epoch, moved.nodeId],
    ]);
    expect(ends[0]?.reason).toBe('useAnotherServer');
  });

  it('tell of a push server that dies, and of each device that it took along and that does not come back', async () => {
    await using cluster = await TestCluster.create({ pushServers: 2, registry, environment });
    const devices = await cluster.devices.connect(20);
    const [victim] = await eventually('all are counted', async () => {
      const nodes = await cluster.nodes();
      return linksOn(nodes) === devices.length && nodes;
    });
    await using log = await EventLog.start(cluster.admin);
    // They vanish together with the push server, as behind a network that fails.
    for (const pid of [cluster.pushServers[0]?.pid, ...(victim?.workers ?? []).map(({ pid }) => pid)]) {
      process.kill(pid as number, 'SIGSTOP');
    }
    const lost = await Promise.all(devices.map(({ id }) => cluster.admin.devices.get(id))).then((all) =>
      all.filter(({ session }) => session?.nodeId === 'dp-0').map(({ deviceId }) => deviceId),
    );
    expect(lost).toHaveLength(victim?.live as number);
    expect(lost).not.toHaveLength(0);
    const stopping = devices.filter(({ id }) => lost.includes(id)).map(({ device }) => device.stop());
    for (const pid of [cluster.pushServers[0]?.pid, ...(victim?.workers ?? []).map(({ pid }) => pid)]) {
      process.kill(pid as number, 'SIGKILL');
    }
    await Promise.all(stopping);

    await eventually('its death is told', () => log.of('EVENT_KIND_NODE_DEAD')[0]?.nodeId === 'dp-0');
    expect(log.of('EVENT_KIND_NODE_SUSPECT').map(({ nodeId }) => nodeId)).toEqual(['dp-0']);
    await eventually('its devices are told', () => log.of('EVENT_KIND_DEVICE_DISCONNECTED').length >= lost.length);
    const events = log.of('EVENT_KIND_DEVICE_DISCONNECTED');
    expect(events.map(({ deviceId }) => deviceId).toSorted()).toEqual(lost.toSorted());
    expect(events.every(({ reason, nodeId }) => reason === 'nodeDead' && nodeId === 'dp-0')).toBe(true);
    await cluster.pushServers[0]?.kill();
  });

  it('go on without a gap when the balancer is killed and comes back', async () => {
    await using cluster = await TestCluster.create({ registry });
    await using log = await EventLog.start(cluster.admin);
    await cluster.devices.connect(3, 'before');
    await eventually('the first are told', () => log.of('EVENT_KIND_DEVICE_CONNECTED').length === 3);
    const connected = cluster.devices.all.map(({ device }) => device);

    await cluster.balancers[0]?.kill();
    await Promise.all(connected.map((device) => device.stop()));
    await cluster.startBalancer(0).said('balancer ready');
    await eventually('what happened meanwhile is told', () => log.of('EVENT_KIND_DEVICE_DISCONNECTED').length === 3);
    await cluster.devices.connect(1, 'after');
    await eventually('so is what comes after', () => log.of('EVENT_KIND_DEVICE_CONNECTED').length === 4);
  });
});
