import { describe, expect, it } from 'vitest';
import { askTicket } from './cluster/ask-assignment.ts';
import { eventually } from './cluster/eventually.ts';
import { RawMqtt } from './cluster/raw-clients.ts';
import { TestCluster } from './cluster/test-cluster.ts';
import { testSecret } from './cluster/test-devices.ts';

describe('a device that does not read', () => {
  it('is cut off when too much waits for it; nothing is called delivered, and nobody else notices', async () => {
    await using cluster = await TestCluster.create();
    const [other] = await cluster.devices.connect(1, 'other');
    await cluster.devices.register('device-0');
    const { ticket, primary } = await askTicket(cluster.assignUrls[0] as string, cluster.ca, 'device-0', testSecret);
    using frozen = await RawMqtt.connect(primary.port, cluster.ca, 5);
    frozen.greet(ticket);
    const topic = 'pushfleet/devices/device-0/commands/#';
    frozen.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic, qos: 1 }] });
    await eventually('it is live', async () => (await cluster.admin.devices.get('device-0')).session !== null);
    frozen.socket.pause();

    const operation = { custom: { name: 'big', payload: Buffer.alloc(1_000_000) } };
    const pushes = Array.from({ length: 20 }, () => cluster.admin.commands.push({ deviceId: 'device-0', operation }));
    await eventually('its link is gone', async () => (await cluster.admin.devices.get('device-0')).session === null);
    const { status } = await cluster.admin.commands.push({ deviceId: `${other?.id}`, operation: { forceSync: {} } });
    expect(status?.outcome).toBe('OUTCOME_SUCCEEDED');
    const outcomes = (await Promise.all(pushes)).map((answer) => answer.status?.outcome);
    expect(outcomes).not.toContain('OUTCOME_DELIVERED');
    expect(outcomes).not.toContain('OUTCOME_SUCCEEDED');
  });
});
