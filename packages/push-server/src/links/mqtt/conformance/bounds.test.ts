import { type CommandId, limits, parseDeviceId } from '@pushfleet/protocol';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { maxBufferedBytes } from '../../link.ts';
import { type LinkServer, startLinkServer } from './link-server.fixture.ts';
import { filterOf, hello, pingreq, publish, resultsOf, subscribe, unsubscribe } from './raw-packets.fixture.ts';
import { StrictClient } from './strict-client.fixture.ts';

describe('an MQTT link', () => {
  let server: LinkServer;
  let lastDevice = 0;

  beforeAll(async () => {
    server = await startLinkServer();
  });

  afterAll(() => server[Symbol.asyncDispose]());

  const nextDevice = () => {
    lastDevice += 1;
    return `b${lastDevice}`;
  };

  /** A live link of a device. */
  async function open(version: 4 | 5, { keepAliveS = 30 } = {}) {
    const device = nextDevice();
    const client = new StrictClient(server.port, version);
    onTestFinished(() => client[Symbol.dispose]());
    client.write(hello(version, device, { keepAliveS }), subscribe(version, 1, [[filterOf(device), 1]]));
    await client.receive('suback');
    return { device, client };
  }

  describe('whose device does not read', () => {
    it.each([
      ['PUBACKs', (device: string) => publish(5, resultsOf(device), { qos: 1 })],
      ['PUBACKs with words', (device: string) => publish(5, resultsOf(device), { qos: 1, payload: '{' })],
      ['PINGRESPs', () => pingreq],
      ['SUBACKs', () => subscribe(5, 1, [['a', 1]])],
      ['UNSUBACKs', () => unsubscribe(5, 1, ['a'])],
    ])('is ended before it has piled up %s without end', async (_, ask) => {
      const device = nextDevice();
      const { socket, link, send } = server.openStream({ reads: false });
      send(hello(5, device));
      await vi.waitUntil(() => socket.writableLength > 0);
      const chunk = Buffer.concat(Array.from({ length: 1_000 }, () => ask(device)));
      let chunks = 0;
      // 266,000 of them once cost 110 MB.
      while (!socket.writableEnded && chunks < 266) {
        chunks += 1;
        send(chunk);
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(chunks).toBeLessThan(20);
      expect(link.bufferedBytes).toBeLessThan(maxBufferedBytes + 100_000);
      server.clock.advance(3_000);
      expect(socket.destroyed).toBe(true);
    });

    it('is ended before it has piled up commands without end', async () => {
      const device = nextDevice();
      const { socket, send } = server.openStream({ reads: false });
      send(Buffer.concat([hello(5, device), subscribe(5, 1, [[filterOf(device), 1]])]));
      const isLive = () => server.links.epochOf(parseDeviceId(device)) > 0;
      await vi.waitUntil(isLive);
      const operation = { kind: 'custom', custom: { name: 'x', payload: Buffer.alloc(1_000_000) } } as const;
      for (let n = 0; n < 20 && isLive(); n += 1) await server.push(device, { id: `c${n}` as CommandId, operation });
      expect([isLive(), socket.writableEnded]).toEqual([false, true]);
      server.clock.advance(3_000);
      expect(socket.destroyed).toBe(true);
    });
  });

  it('ends where a packet does not become whole, whatever the keep-alive', async () => {
    const { client } = await open(4, { keepAliveS: 0 });
    const whole = publish(4, resultsOf('x'), { payload: Buffer.alloc(1_000) });
    client.write(pingreq, whole.subarray(0, 500));
    // Sent as one, so that the part of a packet is there, too, where this is answered.
    await client.receive('pingresp');
    client.write(whole.subarray(500, 600));
    await vi.waitUntil(() => {
      server.clock.advance(10_000);
      server.links.tick();
      return client.isClosed;
    });
  });

  it('stays where packets come in pieces and become whole', async () => {
    const { device, client } = await open(5, { keepAliveS: 0 });
    const whole = publish(5, resultsOf(device), { qos: 1, payload: `{"succeeded":{"output":"${'A'.repeat(1_000)}"}}` });
    for (let round = 1; round <= 5; round += 1) {
      client.write(whole.subarray(0, 500));
      client.write(whole.subarray(500));
      await client.receive('puback', round);
      server.clock.advance(29_000);
      server.links.tick();
    }
    expect(client.isClosed).toBe(false);
  });

  it.each([
    [5, 10],
    [5, 1_200],
    [5, 0],
    [4, 10],
    [4, 0],
    [4, 65_535],
  ] as const)('[MQTT-3.1.2-22] ends after one and a half keep-alives: MQTT %i, %i s', async (version, keepAliveS) => {
    const { client } = await open(version, { keepAliveS });
    // The longest one of the server's, where the client has none or a longer one.
    const limitMs = 1_500 * Math.min(1_200, keepAliveS || 1_200);
    server.clock.advance(limitMs - 1_000);
    server.links.tick();
    client.write(pingreq);
    await client.receive('pingresp');
    server.clock.advance(limitMs - 1_000);
    server.links.tick();
    expect(client.isClosed).toBe(false);
    server.clock.advance(2_000);
    server.links.tick();
    await client.closed();
    expect(client.brief.at(-1)).toBe(version === 5 ? 'DISCONNECT 0x8d' : 'PINGRESP');
  });

  it('does not outlive its subscription by more than a minute', async () => {
    const { device, client } = await open(4, { keepAliveS: 0 });
    client.write(unsubscribe(4, 2, [filterOf(device)]));
    await client.receive('unsuback');
    server.clock.advance(59_000);
    server.links.tick();
    client.write(pingreq);
    await client.receive('pingresp');
    server.clock.advance(1_000);
    server.links.tick();
    await client.closed();
  });

  describe.each([4, 5] as const)('with results that wait to be kept, MQTT %d', (version) => {
    const say = (device: string, n: number) => publish(version, resultsOf(device, `d-${n}`), { qos: 1, packetId: n });

    it('takes as many as its Receive Maximum, and ends at one more', async () => {
      const { device, client } = await open(version);
      for (let n = 1; n <= limits.unacknowledgedResults; n += 1) client.write(say(device, n));
      client.write(pingreq);
      await client.receive('pingresp');
      expect(server.reportsOf(device)).toHaveLength(limits.unacknowledgedResults);
      client.write(say(device, limits.unacknowledgedResults + 1));
      await client.closed();
      expect(client.brief.at(-1)).toBe(version === 5 ? 'DISCONNECT 0x93' : 'PINGRESP');
    });

    it('takes one more for each that is kept', async () => {
      const { device, client } = await open(version);
      const count = limits.unacknowledgedResults;
      client.write(...Array.from({ length: count }, (_, n) => say(device, n + 1)));
      await vi.waitUntil(() => server.reportsOf(device).length === count);
      for (const { report, from } of server.reports.filter((one) => one.report.deviceId === device).slice(0, 10)) {
        server.links.acknowledge(from, report.commandId as CommandId);
      }
      await client.receive('puback', 10);
      client.write(...Array.from({ length: 10 }, (_, n) => say(device, count + n + 1)), pingreq);
      await client.receive('pingresp');
      client.write(say(device, count + 11));
      await client.closed();
    });

    it('takes a result again, and does not take another one under its packet identifier', async () => {
      const { device, client } = await open(version);
      client.write(say(device, 1), say(device, 1), pingreq);
      await client.receive('pingresp');
      client.write(publish(version, resultsOf(device, 'd-other'), { qos: 1, packetId: 1 }));
      await client.closed();
      expect(client.brief.at(-1)).toBe(version === 5 ? 'DISCONNECT 0x82' : 'PINGRESP');
    });
  });

  it('is refused by a worker that is full, with the address of another push server', async () => {
    const { capacity } = server.links;
    server.links.capacity = 0;
    server.redirect.target = { nodeId: 'dp-2', address: '192.0.2.7', port: 13_295 };
    using client = new StrictClient(server.port, 5);
    client.write(hello(5, nextDevice()));
    await client.closed();
    server.links.capacity = capacity;
    expect(client.brief).toEqual(['CONNACK 0x9c']);
    expect(client.received.at(-1)?.properties).toMatchObject({
      serverReference: '192.0.2.7:13295',
      userProperties: expect.arrayContaining([['pushfleet-close-reason', 'noCapacity']]),
    });
  });

  it('leaves in the socket what a client sends before it is known', async () => {
    const device = nextDevice();
    const { socket, send } = server.openStream();
    send(Buffer.concat([hello(5, device, { password: `slow-${device}` }), pingreq]));
    await vi.waitUntil(() => socket.isPaused());
    for (let n = 0; n < 100; n += 1) send(pingreq);
    await new Promise((resolve) => setImmediate(resolve));
    expect(socket.readableLength).toBe(200);
    server.letIn();
    await vi.waitUntil(() => socket.readableLength === 0 && !socket.isPaused());
  });
});
