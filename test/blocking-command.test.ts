import { credentials } from '@grpc/grpc-js';
import { type device, resultTopic, serverIdentity } from '@pushfleet/protocol';
import { DeviceLinkService } from '@pushfleet/protocol/device';
import type { IPublishPacket } from 'mqtt-packet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askTicket } from './cluster/ask-assignment.ts';
import { eventually } from './cluster/eventually.ts';
import { connectMute } from './cluster/mute-device.ts';
import { RawMqtt } from './cluster/raw-clients.ts';
import { TestCluster } from './cluster/test-cluster.ts';
import { testSecret } from './cluster/test-devices.ts';

const hour = 3_600_000;
const custom = (name: string, bytes = 0) => ({ custom: { name, payload: Buffer.alloc(bytes, 1) } });

/** Comes back at once, link after link, and takes commands in until one ends its link. */
interface Fragile {
  /** One link: resolves when it has ended. */
  live(ticket: string, port: number, until: AbortSignal): Promise<void>;
}

/** @param fail What it does, in place of a PUBACK, with a command named "fatal". */
function fragileMqtt(cluster: TestCluster, id: string, version: 4 | 5, fail: (client: RawMqtt) => void): Fragile {
  const answer = (client: RawMqtt, { topic, messageId = 0, payload: asked }: IPublishPacket) => {
    if (String(asked).includes('"fatal"')) return fail(client);
    const commandId = topic.split('/')[4] ?? '';
    client.send({ cmd: 'puback', messageId });
    const payload = JSON.stringify({ succeeded: {} });
    const at = resultTopic(id as never, commandId as never);
    client.send({ cmd: 'publish', topic: at, payload, qos: 0, dup: false, retain: false });
  };
  return {
    live: async (ticket, port, until) => {
      using client = await RawMqtt.connect(port, cluster.ca, version);
      client.greet(ticket, { username: id });
      const topic = `pushfleet/devices/${id}/commands/#`;
      client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic, qos: 1 }] });
      let answered = 0;
      await eventually('the link ends', () => {
        for (; answered < client.packets.length; answered += 1) {
          const packet = client.packets[answered];
          if (packet?.cmd === 'publish') answer(client, packet);
        }
        return client.socket.closed || until.aborted;
      });
    },
  };
}

/** One whose library takes no message of more than 10 kB: it ends the call upon the first. */
function fragileGrpc(cluster: TestCluster): Fragile {
  return {
    live: async (ticket, port, until) => {
      const { options, verify } = serverIdentity('127.0.0.1');
      const small = { ...options, 'grpc.max_receive_message_length': 10_000, 'grpc.use_local_subchannel_pool': 1 };
      using client = closing(
        new DeviceLinkService(`127.0.0.1:${port}`, credentials.createSsl(cluster.ca, null, null, verify), small),
      );
      const call = client.stub.connect();
      const ended = new Promise((resolve) => call.on('error', resolve).on('end', resolve));
      call.on('data', ({ command }: device.ConnectResponse) => {
        if (!command) return;
        call.write({ delivered: { commandId: command.commandId } });
        call.write({ result: { commandId: command.commandId, succeeded: {} } });
      });
      call.write({ hello: { ticket } });
      until.addEventListener('abort', () => call.cancel());
      // It may have come while the ticket was asked for.
      if (until.aborted) call.cancel();
      await ended;
    },
  };
}

function closing(stub: InstanceType<typeof DeviceLinkService>): { stub: typeof stub } & Disposable {
  return { stub, [Symbol.dispose]: () => stub.close() };
}

describe.each(['embedded', 'redis'] as const)(
  'a command that its device cannot survive, on the %s registry',
  (registry) => {
    let cluster: TestCluster;

    beforeAll(async () => {
      cluster = await TestCluster.create({ registry });
    });

    afterAll(() => cluster[Symbol.asyncDispose]());

    const fragile: [string, (id: string) => Fragile, string][] = [
      ['that breaks its connection', (id) => fragileMqtt(cluster, id, 4, ({ socket }) => socket.destroy()), 'linkLost'],
      [
        'that says DISCONNECT 0x95',
        (id) => fragileMqtt(cluster, id, 5, ({ socket }) => socket.end(Buffer.from('e00195', 'hex'))),
        'deviceError',
      ],
      [
        'that answers with nonsense',
        (id) => fragileMqtt(cluster, id, 5, ({ socket }) => socket.write(Buffer.from('0000', 'hex'))),
        'malformed',
      ],
      ['whose gRPC library takes no such message', () => fragileGrpc(cluster), 'linkLost'],
    ];

    it.each(fragile)('is REJECTED for a device %s, and the others arrive', async (_, create, reason) => {
      const id = `fragile-${fragile.findIndex(([, one]) => one === create)}`;
      await cluster.devices.register(id);
      const queue = (name: string, bytes = 0) =>
        cluster.admin.commands.push({
          deviceId: id,
          operation: custom(name, bytes),
          ttlMs: hour,
          wait: 'WAIT_ACCEPTED',
        });
      const before = await queue('before');
      const fatal = await queue('fatal', 100_000);
      const behind = [await queue('behind-1'), await queue('behind-2')];

      const device = create(id);
      const over = new AbortController();
      let links = 0;
      const living = (async () => {
        while (!over.signal.aborted) {
          // Where its push server is overloaded for a moment, it is told to ask later.
          const { ticket, primary } = await eventually('it is given a place', () =>
            askTicket(cluster.assignUrls[0] as string, cluster.ca, id, testSecret),
          );
          links += 1;
          await device.live(ticket, primary.port, over.signal);
        }
      })();
      const statusOf = async (commandId: string) =>
        (await cluster.admin.commands.get({ deviceId: id, commandId })).status;
      await eventually('nothing waits any more', async () => (await cluster.admin.commands.list(id)).length === 0);
      over.abort();
      await living;

      expect(await statusOf(fatal.commandId)).toMatchObject({
        outcome: 'OUTCOME_REJECTED',
        reason: expect.stringContaining(`ended each time it was sent this command (${reason}`),
      });
      for (const { commandId } of [before, ...behind]) {
        expect((await statusOf(commandId))?.outcome).toBe('OUTCOME_SUCCEEDED');
      }
      // Two that it ends, and one that stays. After each of the two one more may come, before the worker has written it down.
      expect(links).toBeLessThanOrEqual(5);
    });

    it('is told from one that only has bad luck: push servers that die or drain under it', async () => {
      const id = 'unlucky';
      await cluster.devices.register(id);
      const { commandId } = await cluster.admin.commands.push({
        ...{ deviceId: id, operation: custom('innocent'), ttlMs: hour, wait: 'WAIT_ACCEPTED' },
      });
      const outcome = async () => (await cluster.admin.commands.get({ deviceId: id, commandId })).status?.outcome;
      for (const how of ['kill', 'stop', 'kill', 'stop'] as const) {
        using _mute = await connectMute(cluster, id, 'mqtt');
        await eventually('it is on the wire', async () => (await outcome()) === 'OUTCOME_ROUTED');
        const before = (await cluster.nodes())[0]?.workers.map(({ pid }) => pid);
        await cluster.pushServers[0]?.[how]();
        await cluster.startPushServer(0);
        await eventually('it is there again', async () => {
          const [node] = await cluster.nodes();
          return node?.status === 'NODE_STATUS_READY' && node.workers.every(({ pid }) => !before?.includes(pid));
        });
      }
      const device = cluster.devices.create(id);
      device.device.start();
      await eventually('it arrives', async () => (await outcome()) === 'OUTCOME_SUCCEEDED');
    });
  },
);
