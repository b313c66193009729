import { expect, it } from 'vitest';
import { askTicket } from './cluster/ask-assignment.ts';
import { CuttableWire } from './cluster/cuttable-wire.ts';
import { EventLog } from './cluster/event-log.ts';
import { eventually } from './cluster/eventually.ts';
import { RawMqtt } from './cluster/raw-clients.ts';
import { TestCluster } from './cluster/test-cluster.ts';
import { testSecret } from './cluster/test-devices.ts';

const forceSync = { forceSync: {} };

/** Named after what they ask for, and the version of MQTT that they speak. */
const kinds = [
  ['no-keep-alive', 0, 4],
  ['keep-alive-of-an-hour', 3_600, 4],
  // Its push server tells it a shorter one, but not one that is shorter than the command's deadline.
  ['keep-alive-that-is-shortened', 3_600, 5],
] as const;

/** A device that takes commands, over a wire that can be cut. */
async function connect(cluster: TestCluster, [id, keepalive, version]: (typeof kinds)[number]) {
  await cluster.devices.register(id);
  const { ticket, primary } = await askTicket(cluster.assignUrls[0] as string, cluster.ca, id, testSecret);
  const wire = await CuttableWire.to(primary.port);
  const device = await RawMqtt.connect(wire.port, cluster.ca, version);
  device.greet(ticket, { username: id, clientId: id, keepalive });
  const topic = `pushfleet/devices/${id}/commands/#`;
  device.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic, qos: 1 }] });
  const isLive = async () => (await cluster.admin.devices.get(id)).session !== null;
  await eventually(`${id} is live`, isLive);
  return { id, wire, device, isLive };
}

it('an MQTT device whose network was cut is found by the first command, whatever its keep-alive', async () => {
  await using cluster = await TestCluster.create();
  await using stack = new AsyncDisposableStack();
  const distant = await Promise.all(kinds.map((kind) => connect(cluster, kind)));
  for (const { wire, device } of distant) {
    stack.use(device);
    stack.use(wire);
  }
  await using log = await EventLog.start(cluster.admin);
  const push = async (deviceId: string) =>
    (await cluster.admin.commands.push({ deviceId, operation: forceSync })).status?.outcome ?? '';

  for (const { wire } of distant) wire.cut();
  const outcomes = await Promise.all(distant.map(({ id }) => push(id)));
  expect(outcomes).toEqual(kinds.map(() => 'OUTCOME_UNKNOWN'));
  await Promise.all(distant.map(({ id, isLive }) => eventually(`${id} counts as away`, async () => !(await isLive()))));
  await eventually('that is told', () => {
    const ended = log.of('EVENT_KIND_DEVICE_DISCONNECTED').map(({ deviceId, reason }) => `${deviceId}: ${reason}`);
    expect(ended.sort()).toEqual(distant.map(({ id }) => `${id}: keepAliveTimeout`).sort());
    return true;
  });
  expect(await Promise.all(distant.map(({ id }) => push(id)))).toEqual(kinds.map(() => 'OUTCOME_NOT_CONNECTED'));
});
