import { credentials } from '@grpc/grpc-js';
import { serverIdentity } from '@pushfleet/protocol';
import { DeviceLinkService } from '@pushfleet/protocol/device';
import { askTicket } from './ask-assignment.ts';
import { eventually } from './eventually.ts';
import { RawMqtt } from './raw-clients.ts';
import type { TestCluster } from './test-cluster.ts';
import { testSecret } from './test-devices.ts';

export type MuteLink = 'grpc' | 'mqtt' | 'mqtt3';

/** How many commands a link takes that are not confirmed. */
export const unconfirmedWindow = { grpc: 64, mqtt: 32, mqtt3: 32 } as const satisfies Record<MuteLink, number>;

/** Below any keep-alive that a push server asks for, and above what would be noticed. */
const pingEveryMs = 2_000;

/** A device with a live link that reads everything and confirms nothing. Over MQTT it also pings, and so stays. */
export async function connectMute(cluster: TestCluster, id: string, link: MuteLink): Promise<Disposable> {
  await cluster.devices.register(id);
  const { ticket, primary } = await eventually(`${id} is given a place`, () =>
    askTicket(cluster.assignUrls[0] as string, cluster.ca, id, testSecret),
  );
  const connected =
    link === 'grpc'
      ? connectGrpc(primary.port, cluster.ca, ticket)
      : await connectMqtt(primary.port, cluster.ca, id, ticket, link === 'mqtt' ? 5 : 4);
  await eventually(`${id} is live`, async () => (await cluster.admin.devices.get(id)).session !== null);
  return connected;
}

function connectGrpc(port: number, ca: Buffer, ticket: string): Disposable {
  const { options, verify } = serverIdentity('127.0.0.1');
  const client = new DeviceLinkService(`127.0.0.1:${port}`, credentials.createSsl(ca, null, null, verify), options);
  const call = client.connect();
  call.on('data', () => undefined);
  call.on('error', () => undefined);
  call.write({ hello: { ticket } });
  return {
    [Symbol.dispose]: () => {
      call.cancel();
      client.close();
    },
  };
}

async function connectMqtt(port: number, ca: Buffer, id: string, ticket: string, version: 4 | 5): Promise<Disposable> {
  const client = await RawMqtt.connect(port, ca, version);
  client.greet(ticket, { username: id });
  client.send({
    cmd: 'subscribe',
    messageId: 1,
    subscriptions: [{ topic: `pushfleet/devices/${id}/commands/#`, qos: 1 }],
  });
  const pings = setInterval(() => client.send({ cmd: 'pingreq' }), pingEveryMs);
  client.socket.once('close', () => clearInterval(pings));
  return client;
}
