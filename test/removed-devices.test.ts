import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { credentials } from '@grpc/grpc-js';
import type { AdminClient, Tunnel } from '@pushfleet/admin-sdk';
import { closeReasonKey, type device, serverIdentity } from '@pushfleet/protocol';
import { DeviceLinkService } from '@pushfleet/protocol/device';
import { describe, expect, it } from 'vitest';
import { type AssignmentAnswer, askTicket } from './cluster/ask-assignment.ts';
import { closed } from './cluster/closed.ts';
import { EventLog } from './cluster/event-log.ts';
import { eventually } from './cluster/eventually.ts';
import { RawMqtt } from './cluster/raw-clients.ts';
import { TcpTarget } from './cluster/tcp-target.ts';
import { TestCluster } from './cluster/test-cluster.ts';
import { testSecret } from './cluster/test-devices.ts';
import { binary, runTool } from './cluster/tools.ts';

const forceSync = { forceSync: {} };
/** Unlike the other one, it takes nobody's place in the queue. */
const custom = { custom: { name: 'reboot' } };
const links = ['grpc', 'mqtt', 'mqtt3'] as const;
const otherSecret = 'another secret of the tests';

/** The ways to end a device's link for good, as an operator or an Administration Server does it. */
const endings: Record<string, (cluster: TestCluster, id: string) => Promise<unknown>> = {
  'is deleted': ({ admin }, id) => admin.devices.delete(id),
  'gets another secret': ({ admin }, id) => admin.devices.put({ deviceId: id, group: 'Test', secret: otherSecret }),
  'gets another secret by an import': async ({ stateDir, balancerPorts }, id) => {
    const file = join(stateDir, `${id}.csv`);
    await writeFile(file, `deviceId,group,secret\n${id},Test,${otherSecret}\n`);
    const environment = {
      PUSHFLEET_STATE_DIR: stateDir,
      PUSHFLEET_ADMIN_ADDRESS: `127.0.0.1:${balancerPorts[0]?.admin}`,
    };
    await runTool(process.execPath, [binary, 'devices', 'import', '-f', file], environment);
    await rm(file);
  },
  'is disconnected': ({ admin }, id) => admin.devices.disconnect(id),
};

/** A cluster, and what a test sees of it. */
interface Scene {
  cluster: TestCluster;
  /** An administrator's client of another balancer than the one that ends links; it has the routes, too. */
  second: AdminClient;
  log: EventLog;
  target: TcpTarget;
}

const more = { tunnels: { allow: ['127.0.0.1:*'], maxOpen: 4 } };

describe.each(['redis', 'embedded'] as const)('devices that are removed, on %s,', (registry) => {
  it('are out within seconds, and their tickets open nothing any more', async () => {
    await using cluster = await TestCluster.create({ pushServers: 2, balancers: 2, registry });
    await using target = await TcpTarget.echo();
    await using log = await EventLog.start(cluster.admin);
    using second = cluster.adminOf(1, await cluster.token);
    const [bystander] = await cluster.devices.connect(1, 'bystander', more);
    const scene = { cluster, second, log, target };
    const tunnel = await second.tunnels.open({ deviceId: 'bystander-0', target: target.address });
    for (const [name, endIt] of Object.entries(endings)) await expectOut(scene, name, endIt);
    expect(await outcomeOf(scene, 'bystander-0')).toBe('OUTCOME_SUCCEEDED');
    expect(bystander?.device.currentStatus.kind).toBe('connected');
    expect(tunnel.destroyed).toBe(false);
    tunnel.destroy();
    await expectOutOfScope(scene);
  });
});

async function expectOut(scene: Scene, name: string, endIt: (typeof endings)[string]): Promise<void> {
  const { cluster, second, log, target } = scene;
  const devices = await cluster.devices.connect(3, name.replaceAll(' ', '-'), more);
  const tickets = await Promise.all(devices.map(({ id }) => ask(cluster, id)));
  for (const { id } of devices) expect(await outcomeOf(scene, id)).toBe('OUTCOME_SUCCEEDED');
  const tunnels = await Promise.all(
    devices.map(({ id }) => second.tunnels.open({ deviceId: id, target: target.address })),
  );
  const ended = tunnels.map(failureOf);
  for (const { id } of devices) {
    const startedAt = Date.now();
    await endIt(cluster, id);
    await eventually(`${id} is out`, () => isOut(log, id, 'ticketVoid'));
    console.log(`a device that ${name}: told of after ${Date.now() - startedAt} ms`);
  }
  for (const failure of ended) {
    expect(await failure).toMatchObject({ code: 'TUNNEL_CLOSED', message: expect.stringContaining('the ticket') });
  }
  for (const [index, { id, device }] of devices.entries()) {
    if (name !== 'is disconnected') {
      await eventually(`${id} is refused for good`, () => device.currentStatus.kind === 'stopped');
      expect(device.currentStatus).toMatchObject({ cause: { reason: 'BAD_CREDENTIAL' } });
      // A route that is remembered is tried first.
      const expected = name === 'is deleted' ? 'DEVICE_NOT_FOUND' : 'OUTCOME_NOT_CONNECTED';
      await eventually(expected, async () => (await outcomeOf(scene, id).catch(({ code }) => code)) === expected);
    }
    for (const link of links) {
      const came = await comeWith(cluster, tickets[index] as AssignmentAnswer, id, link);
      // MQTT 3.1.1 has no words for it.
      expect(came).toEqual({ wasTaken: false, ...(link === 'mqtt3' ? {} : { reason: 'ticketVoid' }) });
    }
  }
  if (name !== 'is disconnected') return;
  // It has its secret, and comes back by it.
  for (const { id } of devices)
    await eventually(`${id} is back`, async () => (await outcomeOf(scene, id)) === 'OUTCOME_SUCCEEDED');
}

/** The group of devices leaves the scopes of all push servers. */
async function expectOutOfScope({ cluster, log }: Scene): Promise<void> {
  const devices = await cluster.devices.connect(3, 'rescoped');
  const tickets = await Promise.all(devices.map(({ id }) => ask(cluster, id)));
  await cluster.admin.groups.put('Other');
  const startedAt = Date.now();
  for (const [index, port] of cluster.devicePorts.entries()) {
    const pushServer = { enabled: true, port, address: '127.0.0.1', maxConnections: 1_000 };
    await cluster.admin.distributionPoints.put({ distributionPointId: `dp-${index}`, groups: ['Other'], pushServer });
  }
  for (const { id } of devices) await eventually(`${id} is out`, () => isOut(log, id, 'useAnotherServer'));
  console.log(`devices of a group that left the scopes: told of after ${Date.now() - startedAt} ms`);
  for (const [index, { id }] of devices.entries()) {
    // Each comes to a push server that its ticket names, and that serves its group no longer.
    for (const link of links) await comeWith(cluster, tickets[index] as AssignmentAnswer, id, link);
    await eventually(`${id} stays out`, async () => !(await cluster.admin.devices.get(id))?.session);
  }
}

function isOut(log: EventLog, id: string, why: string): boolean {
  return log.of('EVENT_KIND_DEVICE_DISCONNECTED').some(({ deviceId, reason }) => deviceId === id && reason === why);
}

async function outcomeOf({ second }: Scene, id: string) {
  return (await second.commands.push({ deviceId: id, operation: forceSync })).status?.outcome;
}

describe('a deleted device', () => {
  it('leaves its durable commands to nobody: who waits for them is told, and a new device of its id gets none', async () => {
    await using cluster = await TestCluster.create();
    await cluster.devices.register('laptop');
    const push = (more = {}) =>
      cluster.admin.commands.push({ deviceId: 'laptop', operation: custom, ttlMs: 60_000, ...more });
    const waiting = push({ wait: 'WAIT_FINISHED' });
    const { commandId } = (await push({ wait: 'WAIT_ACCEPTED', idempotencyKey: 'once' })) as { commandId: string };
    await cluster.admin.devices.delete('laptop');
    const cancelled = { outcome: 'OUTCOME_CANCELLED', reason: 'the device was deleted' };
    expect((await waiting).status).toMatchObject(cancelled);
    expect((await cluster.admin.commands.get({ deviceId: 'laptop', commandId }))?.status).toMatchObject(cancelled);
    await expect(push()).rejects.toMatchObject({ code: 'DEVICE_NOT_FOUND' });

    const { device, seen } = cluster.devices.create('laptop');
    await cluster.devices.register('laptop');
    device.start();
    await device.connected(AbortSignal.timeout(40_000));
    const again = await push({ wait: 'WAIT_FINISHED', idempotencyKey: 'once' });
    expect(again.status?.outcome).toBe('OUTCOME_SUCCEEDED');
    expect(seen.map(({ id }) => id)).toEqual([again.commandId]);
  });
});

function ask(cluster: TestCluster, id: string): Promise<AssignmentAnswer> {
  return askTicket(cluster.assignUrls[0] as string, cluster.ca, id, testSecret);
}

function failureOf(tunnel: Tunnel): Promise<unknown> {
  return once(tunnel.resume(), 'error').then(([error]) => error);
}

/** How a link ended that came with an older ticket. */
interface Coming {
  /** It was told that commands may come. */
  wasTaken: boolean;
  /** The close reason that it was told. */
  reason?: unknown;
}

/** Comes with a ticket that is not expired to the push server that it names; resolves when the link has ended. */
async function comeWith(
  cluster: TestCluster,
  { ticket, primary }: AssignmentAnswer,
  id: string,
  link: (typeof links)[number],
): Promise<Coming> {
  if (link === 'grpc') return comeOverGrpc(primary.port, cluster.ca, ticket);
  using client = await RawMqtt.connect(primary.port, cluster.ca, link === 'mqtt' ? 5 : 4);
  client.greet(ticket, { username: id });
  const topic = `pushfleet/devices/${id}/commands/#`;
  client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic, qos: 1 }] });
  // Not by `once`, which takes a reset for a failure: it is an end as good as any.
  await closed(client.socket);
  const last = client.packets.at(-1);
  // By CONNACK when the push server knows it already, by DISCONNECT when the registry says so at SUBSCRIBE.
  const { userProperties } = ((last?.cmd === 'connack' || last?.cmd === 'disconnect') && last.properties) || {};
  const reason = userProperties?.[closeReasonKey];
  return { wasTaken: client.packets.some(({ cmd }) => cmd === 'suback'), ...(reason ? { reason } : {}) };
}

async function comeOverGrpc(port: number, ca: Buffer, ticket: string): Promise<Coming> {
  const { options, verify } = serverIdentity('127.0.0.1');
  const client = new DeviceLinkService(`127.0.0.1:${port}`, credentials.createSsl(ca, null, null, verify), options);
  const call = client.connect();
  const said: device.ConnectResponse[] = [];
  call.on('data', (response: device.ConnectResponse) => said.push(response));
  call.write({ hello: { ticket } });
  const error = await new Promise<{ metadata?: { get(key: string): unknown[] } }>((resolve) => {
    call.once('error', resolve);
    call.once('end', () => resolve({}));
  });
  client.close();
  const reason = error.metadata?.get(closeReasonKey)[0];
  return { wasTaken: said.length > 0, ...(reason ? { reason } : {}) };
}
