import { expect, it } from 'vitest';
import { eventually } from './cluster/eventually.ts';
import { connectMute, type MuteLink } from './cluster/mute-device.ts';
import { TestCluster } from './cluster/test-cluster.ts';

it.each<MuteLink>(['grpc', 'mqtt', 'mqtt3'])(
  'a device takes its own place over on a full push server (%s)',
  async (link) => {
    await using cluster = await TestCluster.create({ maxConnections: 2 });
    const ghosts = [await connectMute(cluster, 'ghost-0', link), await connectMute(cluster, 'ghost-1', link)];
    const isFull = async () => (await cluster.nodes()).every(({ live, capacity }) => live >= capacity);
    await eventually('the push server is full', isFull);
    // The links of before are still open: nobody has noticed that their devices are gone.
    const before = (await cluster.admin.devices.get('ghost-1')).session?.epoch ?? 0;
    const { device } = cluster.devices.create('ghost-1', { link });
    device.start();
    await device.connected(AbortSignal.timeout(40_000));
    expect((await cluster.admin.devices.get('ghost-1')).session?.epoch).toBeGreaterThan(before);
    const stranger = cluster.devices.create('stranger', { link });
    await cluster.devices.register('stranger');
    stranger.device.start();
    await eventually('a stranger is refused', () => {
      const status = stranger.device.currentStatus;
      return 'cause' in status && status.cause?.reason === 'NO_CAPACITY';
    });
    for (const ghost of ghosts) ghost[Symbol.dispose]();
  },
);
