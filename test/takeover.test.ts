import { describe, expect, it } from 'vitest';
import { closes } from './cluster/device-statuses.ts';
import { eventually } from './cluster/eventually.ts';
import { linksOn } from './cluster/spread.ts';
import { TestCluster } from './cluster/test-cluster.ts';

const forceSync = { forceSync: { reason: 'test' } };

describe('two links of one device', () => {
  it.each([
    ['grpc', 'mqtt'],
    ['mqtt', 'grpc'],
    ['mqtt3', 'mqtt'],
  ] as const)('ends the older %s one with a reason, and the newer %s one gets the commands', async (older, newer) => {
    await using cluster = await TestCluster.create({ pushServers: 2 });
    await cluster.devices.register('twin');
    const first = cluster.devices.create('twin', { link: older });
    first.device.start();
    await first.device.connected(AbortSignal.timeout(40_000));
    // MQTT 3.1.1 has no word for it: the link just closes, and the device would come back, at times at once.
    const olderCloses = closes(first.device);
    if (older === 'mqtt3') void olderCloses.then(() => first.device.stop());
    const second = cluster.devices.create('twin', { link: newer });
    second.device.start();
    await second.device.connected(AbortSignal.timeout(40_000));

    if (older !== 'mqtt3') {
      await eventually('the older link is told', () => {
        const status = first.device.currentStatus;
        return status.kind === 'stopped' && status.cause.reason === 'sessionTakenOver';
      });
      const { status } = await cluster.admin.commands.push({ deviceId: 'twin', operation: forceSync });
      expect(status?.outcome).toBe('OUTCOME_SUCCEEDED');
      expect([first.seen.length, second.seen.length]).toEqual([0, 1]);
    } else {
      await olderCloses;
    }
    const nodes = await eventually('one link is left', async () => {
      const listed = await cluster.nodes();
      return linksOn(listed) === 1 && listed;
    });
    expect(nodes).toHaveLength(2);
  });
});
