import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { credentials, type ServiceError, status } from '@grpc/grpc-js';
import { closeReasonKey, closeReasonOf, limits, PushfleetError, serverIdentity } from '@pushfleet/protocol';
import { DeviceLinkService } from '@pushfleet/protocol/device';
import type { IConnackPacket, IDisconnectPacket } from 'mqtt-packet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askTicket, postAssignment } from './cluster/ask-assignment.ts';
import { closed } from './cluster/closed.ts';
import { eventually } from './cluster/eventually.ts';
import { RawMqtt } from './cluster/raw-clients.ts';
import { TestCluster } from './cluster/test-cluster.ts';
import { testSecret } from './cluster/test-devices.ts';

const steppedClock = join(import.meta.dirname, 'cluster/stepped-clock.ts');
/** A ticket lives for ten minutes, and clocks may differ by one. */
const expiredAgoMs = 12 * 60_000;

describe('what is not allowed', () => {
  let cluster: TestCluster;
  let port: number;
  let expiredTicket: string;

  beforeAll(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'pushfleet-clock-'));
    const clockAhead = join(directory, 'ahead');
    cluster = await TestCluster.create({
      pushServers: 2,
      environment: { NODE_OPTIONS: `--import=${steppedClock}`, PUSHFLEET_TEST_CLOCK_AHEAD: clockAhead },
    });
    // Each of the two groups has one of the push servers to itself.
    await cluster.admin.groups.put('Branch');
    const { distributionPoint } = await cluster.admin.distributionPoints.get('dp-1');
    await cluster.admin.distributionPoints.put({ ...distributionPoint, groups: ['Branch'] });
    for (const id of ['device-0', 'device-1']) await cluster.devices.register(id);
    await cluster.admin.devices.put({ deviceId: 'stranger', group: 'Branch', secret: testSecret });
    port = cluster.devicePorts[0] as number;
    await eventually('a stranger is assigned to its own push server', async () => {
      return (await ticketOf('stranger')).primary.nodeId === 'dp-1';
    });
    await setBalancersClock(clockAhead, -expiredAgoMs);
    expiredTicket = (await ticketOf('device-0')).ticket;
    await setBalancersClock(clockAhead, 0);
    await rm(directory, { recursive: true });
  });

  afterAll(() => cluster[Symbol.asyncDispose]());

  const ticketOf = (id: string) => askTicket(cluster.assignUrls[0] as string, cluster.ca, id, testSecret);
  const post = (body: string) => postAssignment(cluster.assignUrls[0] as string, cluster.ca, body);

  async function setBalancersClock(file: string, aheadMs: number): Promise<void> {
    const [balancer] = cluster.balancers;
    await writeFile(file, String(aheadMs));
    process.kill(balancer?.pid as number, 'SIGUSR2');
    await balancer?.said(`clock set: ${aheadMs} ms ahead`);
  }

  const badTickets = [
    {
      what: 'no ticket',
      ticket: async () => '',
      reason: 'ticketInvalid',
      mqtt5: 0x86,
      mqtt3: 4,
      grpc: status.UNAUTHENTICATED,
    },
    {
      what: 'a made-up ticket',
      ticket: async () => 'a.b.c',
      reason: 'ticketInvalid',
      mqtt5: 0x86,
      mqtt3: 4,
      grpc: status.UNAUTHENTICATED,
    },
    {
      what: 'an expired ticket',
      ticket: async () => expiredTicket,
      reason: 'ticketExpired',
      mqtt5: 0x87,
      mqtt3: 5,
      grpc: status.UNAUTHENTICATED,
    },
    {
      what: 'a ticket for another push server',
      ticket: async () => (await ticketOf('stranger')).ticket,
      reason: 'ticketForAnotherNode',
      mqtt5: 0x9d,
      mqtt3: 5,
      grpc: status.PERMISSION_DENIED,
    },
  ];

  it.each(badTickets)('refuses $what over MQTT 5 with reason code $mqtt5', async ({ ticket, reason, mqtt5 }) => {
    using client = await RawMqtt.connect(port, cluster.ca, 5);
    client.greet(await ticket());
    await closed(client.socket, 15_000);
    const [answer] = client.packets as [IConnackPacket];
    expect(answer).toMatchObject({ cmd: 'connack', reasonCode: mqtt5 });
    expect(answer.properties?.userProperties).toMatchObject({ [closeReasonKey]: reason });
  });

  it.each(badTickets)('refuses $what over MQTT 3.1.1 with return code $mqtt3', async ({ ticket, mqtt3 }) => {
    using client = await RawMqtt.connect(port, cluster.ca, 4);
    client.greet(await ticket());
    await closed(client.socket, 15_000);
    expect(client.packets).toMatchObject([{ cmd: 'connack', returnCode: mqtt3 }]);
  });

  it.each(badTickets)('refuses $what over gRPC with status $grpc', async ({ ticket, reason, grpc }) => {
    const error = await connectOverGrpc(port, cluster.ca, { hello: { ticket: await ticket() } });
    expect([error.code, closeReasonOf(error)]).toEqual([grpc, reason]);
  });

  it('refuses a ticket under the name of another device', async () => {
    using client = await RawMqtt.connect(port, cluster.ca, 5);
    client.greet((await ticketOf('device-0')).ticket, { username: 'device-1' });
    await closed(client.socket, 15_000);
    expect(client.packets).toMatchObject([{ cmd: 'connack', reasonCode: 0x85 }]);
  });

  it.each([
    [5, { reasonCode: 0x95 }],
    [4, { returnCode: 5 }],
  ] as const)('refuses an oversized CONNECT of MQTT %i without reading it', async (version, code) => {
    using client = await RawMqtt.connect(port, cluster.ca, version);
    client.greet('x'.repeat(limits.greetingBytes));
    await closed(client.socket, 15_000);
    expect(client.packets).toMatchObject([{ cmd: 'connack', ...code }]);
  });

  it('ends an MQTT link that sends an oversized packet, and says so', async () => {
    using client = await RawMqtt.connect(port, cluster.ca, 5);
    client.greet((await ticketOf('device-0')).ticket);
    await eventually('it is let in', () => client.packets.length === 1);
    const topic = 'pushfleet/devices/device-0/results/c1';
    const payload = Buffer.alloc(limits.frameBytes);
    client.send({ cmd: 'publish', topic, payload, qos: 0, dup: false, retain: false });
    await closed(client.socket, 15_000);
    expect((client.packets.at(-1) as IDisconnectPacket).reasonCode).toBe(0x95);
  });

  it('ends a gRPC link that sends an oversized message', async () => {
    const hello = { ticket: 'x'.repeat(limits.frameBytes) };
    expect((await connectOverGrpc(port, cluster.ca, { hello })).code).toBe(status.RESOURCE_EXHAUSTED);
  });

  it('keeps a device out of the topics of others', async () => {
    using client = await RawMqtt.connect(port, cluster.ca, 5);
    client.greet((await ticketOf('device-0')).ticket);
    client.send({
      cmd: 'subscribe',
      messageId: 1,
      subscriptions: [{ topic: 'pushfleet/devices/+/commands/#', qos: 1 }],
    });
    await eventually('the filter is refused', () => client.packets.some((packet) => packet.cmd === 'suback'));
    expect(client.packets.at(-1)).toMatchObject({ cmd: 'suback', granted: [0x87] });
    const topic = 'pushfleet/devices/device-1/results/c1';
    client.send({ cmd: 'publish', topic, payload: '{"succeeded":{}}', qos: 0, dup: false, retain: false });
    await closed(client.socket, 15_000);
    expect((client.packets.at(-1) as IDisconnectPacket).reasonCode).toBe(0x87);
  });

  it.each([
    ['an unknown device', { deviceId: 'nobody', secret: testSecret }, 401, { code: 'BAD_CREDENTIAL' }],
    ['a wrong secret', { deviceId: 'device-0', secret: 'wrong wrong wrong' }, 401, { code: 'BAD_CREDENTIAL' }],
    ['a malformed id', { deviceId: 'a/b', secret: testSecret }, 400, { code: 'INVALID_ARGUMENT', field: 'deviceId' }],
    ['a missing secret', { deviceId: 'device-0' }, 400, { code: 'INVALID_ARGUMENT', field: 'secret' }],
  ])('gives %s no ticket', async (_, body, expected, error) => {
    const answer = await post(JSON.stringify(body));
    expect(answer.status).toBe(expected);
    expect(answer.body).toMatchObject({ error });
  });

  it.each([
    ['what is not JSON', '{', 400],
    ['a body beyond the limit', JSON.stringify({ deviceId: 'x'.repeat(20_000) }), 413],
  ])('refuses %s', async (_, body, expected) => {
    const answer = await post(body);
    expect(answer.status).toBe(expected);
    expect(answer.body).toMatchObject({ error: { message: expect.any(String) } });
  });

  it('refuses an admin without the right token', async () => {
    using admin = cluster.adminOf(0, 'not the token');
    await expect(admin.nodes.list()).rejects.toMatchObject({ code: 'BAD_TOKEN' });
  });

  it.each([
    ['an unknown device', { deviceId: 'nobody', operation: { forceSync: {} } }, 'DEVICE_NOT_FOUND'],
    ['no operation', { deviceId: 'device-0' }, 'INVALID_ARGUMENT'],
    [
      'a payload beyond the limit',
      { deviceId: 'device-0', operation: { custom: { name: 'x', payload: Buffer.alloc(limits.payloadBytes + 1) } } },
      'PAYLOAD_TOO_LARGE',
    ],
  ])('does not accept a push with %s', async (_, request, code) => {
    const refused = await cluster.admin.commands.push(request).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(PushfleetError);
    expect(refused).toMatchObject({ code });
  });

  it('answers a push to a device that is away at once, and truthfully', async () => {
    const { status: away } = await cluster.admin.commands.push({ deviceId: 'device-1', operation: { forceSync: {} } });
    expect(away?.outcome).toBe('OUTCOME_NOT_CONNECTED');
  });
});

/** Says one thing on a DeviceLinkService and waits for its end. */
async function connectOverGrpc(
  port: number,
  ca: Buffer,
  greeting: { hello: { ticket: string } },
): Promise<ServiceError> {
  const { verify, options } = serverIdentity('127.0.0.1');
  const client = new DeviceLinkService(`127.0.0.1:${port}`, credentials.createSsl(ca, null, null, verify), options);
  const call = client.connect();
  call.on('data', () => {});
  call.write(greeting);
  try {
    return await new Promise((resolve) => call.on('error', (error) => resolve(error as ServiceError)));
  } finally {
    client.close();
  }
}
