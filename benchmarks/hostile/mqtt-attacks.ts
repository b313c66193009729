import { setTimeout as sleep } from 'node:timers/promises';
import { closed, RawMqtt } from '@pushfleet/test/cluster';
import { type Attack, type HostileTarget, hostileDevices, ticketOf } from './target.ts';

const holdMs = 2_000;
const closeWithinMs = 20_000;

/** The value of its user property is longer than the packet. */
const greedyConnect = Buffer.from(
  '102600044d5154540502001e1926001470757368666c6565742d6f7065726174696f6e73ffff0000',
  'hex',
);

/** Attacks over MQTT: by clients without a ticket, and by a device that turned hostile. */
export const mqttAttacks: Record<string, Attack> = {
  'a CONNECT that claims more than it holds': async (target) => {
    using client = await RawMqtt.connect(target.ports.device, Buffer.from(target.ca), 5);
    client.socket.write(greedyConnect);
    await closed(client.socket, closeWithinMs);
  },
  'a SUBSCRIBE without a filter': async (target, round) => {
    using client = await connect(target, round);
    client.socket.write(Buffer.from('82020001', 'hex'));
    await closed(client.socket, closeWithinMs);
  },
  'acknowledgements that nobody reads': async (target, round) => {
    const device = hostileDevices[round % hostileDevices.length] as string;
    using client = await connect(target, round);
    client.socket.pause();
    const topic = Buffer.from(`pushfleet/devices/${device}/results/unknown`);
    const body = Buffer.concat([
      Buffer.from([0, topic.length]),
      topic,
      Buffer.from([0, 1, 0]),
      Buffer.from('{"running":{}}'),
    ]);
    const publish = Buffer.concat([Buffer.from([0x32, body.length]), body]);
    const flood = Buffer.concat(Array.from({ length: 1_000 }, () => publish));
    for (let times = 0; times < 100 && client.socket.writable; times += 1) {
      client.socket.write(flood);
      await sleep(5);
    }
    await sleep(holdMs);
  },
  'subscribed, unsubscribed and still there': async (target, round) => {
    using client = await connect(target, round);
    const device = hostileDevices[round % hostileDevices.length];
    client.send({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: [`pushfleet/devices/${device}/commands/#`] });
    await sleep(holdMs);
  },
  'results of commands that never were': async (target, round) => {
    const device = hostileDevices[round % hostileDevices.length];
    using client = await connect(target, round);
    for (let number = 0; number < 5_000 && client.socket.writable; number += 1) {
      const topic = `pushfleet/devices/${device}/results/d-${crypto.randomUUID()}`;
      client.send({
        ...{
          cmd: 'publish',
          topic,
          payload: '{"succeeded":{}}',
          qos: 1,
          messageId: 1 + number,
          dup: false,
          retain: false,
        },
      });
      if (number % 100 === 0) await sleep(1);
    }
    await sleep(holdMs / 4);
  },
  'an output that claims 300 MB': async (target, round) => {
    const device = hostileDevices[round % hostileDevices.length];
    using client = await connect(target, round);
    for (const length of [300_000_000, 8_388_480]) {
      const payload = JSON.stringify({ succeeded: { output: { length } } });
      const topic = `pushfleet/devices/${device}/results/unknown`;
      client.send({ cmd: 'publish', topic, payload, qos: 1, messageId: 7, dup: false, retain: false });
    }
    await sleep(holdMs / 4);
  },
};

/** A session of one of the hostile devices. */
async function connect(target: HostileTarget, round: number): Promise<RawMqtt> {
  const device = hostileDevices[round % hostileDevices.length] as string;
  const client = await RawMqtt.connect(target.ports.device, Buffer.from(target.ca), 5);
  client.greet(await ticketOf(target, device), { username: device, clientId: device });
  const topic = `pushfleet/devices/${device}/commands/#`;
  client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic, qos: 1 }] });
  await sleep(100);
  return client;
}
