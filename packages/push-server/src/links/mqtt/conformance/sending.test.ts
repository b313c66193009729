import { type CommandId, limits, parseDeviceId } from '@pushfleet/protocol';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type LinkServer, startLinkServer } from './link-server.fixture.ts';
import {
  disconnect,
  filterOf,
  hello,
  list,
  pingreq,
  property,
  puback,
  publish,
  type RawConnect,
  resultsOf,
  subscribe,
  text,
  u16,
  u32,
  unsubscribe,
} from './raw-packets.fixture.ts';
import { StrictClient } from './strict-client.fixture.ts';

const custom = (bytes: number) => ({ kind: 'custom', custom: { name: 'x', payload: Buffer.alloc(bytes) } }) as const;

describe('an MQTT link sends', () => {
  let server: LinkServer;
  let lastDevice = 0;

  beforeAll(async () => {
    server = await startLinkServer();
  });

  afterAll(() => server[Symbol.asyncDispose]());

  function nextDevice(): string {
    lastDevice += 1;
    return `s${lastDevice}`;
  }

  interface Limits {
    maxPacketBytes?: number;
    receiveMaximum?: number;
    wantsProblems?: boolean;
  }

  /** A live MQTT 5 link whose client has these limits. */
  async function open({ maxPacketBytes, receiveMaximum, wantsProblems }: Limits = {}, more: RawConnect = {}) {
    const device = nextDevice();
    const client = new StrictClient(server.port, 5, {
      ...(maxPacketBytes === undefined ? {} : { maxPacketBytes }),
      ...(receiveMaximum === undefined ? {} : { receiveMaximum }),
      ...(wantsProblems === undefined ? {} : { wantsProblems }),
    });
    onTestFinished(() => client[Symbol.dispose]());
    const properties = [
      ...(maxPacketBytes === undefined ? [] : [property(0x27, u32(maxPacketBytes))]),
      ...(receiveMaximum === undefined ? [] : [property(0x21, u16(receiveMaximum))]),
      ...(wantsProblems === undefined ? [] : [property(0x17, [wantsProblems ? 1 : 0])]),
      ...(more.properties ?? []),
    ];
    client.write(hello(5, device, { ...more, properties }), subscribe(5, 1, [[filterOf(device), 1]]));
    return { device, client };
  }

  /** Until everything that was sent before is there. */
  async function settle(client: StrictClient): Promise<void> {
    const count = client.received.filter(({ kind }) => kind === 'pingresp').length;
    client.write(pingreq);
    await client.receive('pingresp', count + 1);
  }

  async function connack(more: RawConnect = {}) {
    const device = nextDevice();
    using client = new StrictClient(server.port, 5);
    client.write(hello(5, device, more));
    return (await client.receive('connack'))[0]?.properties;
  }

  describe('in the CONNACK', () => {
    const always = {
      receiveMaximum: limits.unacknowledgedResults,
      maximumQos: 1,
      retainAvailable: 0,
      maximumPacketSize: limits.frameBytes,
      subscriptionIdentifiersAvailable: 0,
      sharedSubscriptionAvailable: 0,
    };

    it('what is supported, and nothing that the client knows', async () => {
      expect(await connack()).toEqual(always);
    });

    it('[MQTT-3.2.2-16] a client identifier to a client that has none, each another one', async () => {
      const [first, second] = [await connack({ clientId: '' }), await connack({ clientId: '' })];
      expect(first).toEqual({ ...always, assignedClientIdentifier: expect.stringMatching(/^[0-9a-f-]{36}$/) });
      expect(second?.assignedClientIdentifier).not.toBe(first?.assignedClientIdentifier);
    });

    it.each([
      [60, { sessionExpiry: 0 }],
      [0xffffffff, { sessionExpiry: 0 }],
      [0, {}],
    ])('[3.2.2.3.2] that no session is kept to a client that wants one for %d s', async (seconds, said) => {
      expect(await connack({ properties: [property(0x11, u32(seconds))] })).toEqual({ ...said, ...always });
    });

    it.each([
      [0, { serverKeepAlive: 1_200 }],
      [1_201, { serverKeepAlive: 1_200 }],
      [65_535, { serverKeepAlive: 1_200 }],
      [1_200, {}],
      [5, {}],
      [4, { serverKeepAlive: 5 }],
    ])('[MQTT-3.2.2-21] its own keep-alive to a client with one of %d s', async (keepAliveS, said) => {
      expect(await connack({ keepAliveS })).toEqual({ ...always, ...said });
    });
  });

  describe('[MQTT-3.1.2-24] nothing larger than the client takes', () => {
    it('a command that is too large ends as such, and the next one is sent', async () => {
      const { device, client } = await open({ maxPacketBytes: 300 });
      const id = 'large' as CommandId;
      await server.push(device, { id, operation: custom(1_000) });
      await server.push(device, { id: 'd-large' as CommandId, operation: custom(1_000) });
      await server.push(device);
      expect((await client.receive('publish'))[0]?.topic).toBe(`pushfleet/devices/${device}/commands/c1/force_sync`);
      const reported = server.reports.filter(({ report }) => report.deviceId === device).map(({ report }) => report);
      const unsent = {
        cause: 'UNSENT_CAUSE_TOO_LARGE',
        detail: expect.stringMatching(/^a packet of 1\d{3} bytes, and its Maximum Packet Size is 300$/),
      };
      expect(reported).toMatchObject([
        { commandId: 'large', unsent },
        { commandId: 'd-large', unsent },
      ]);
    });

    it('a window of one goes on behind a command that is too large', async () => {
      const { device, client } = await open({ maxPacketBytes: 300, receiveMaximum: 1 });
      await server.push(device);
      for (const id of ['large1', 'large2', 'c2']) {
        await server.push(device, { id: id as CommandId, ...(id === 'c2' ? {} : { operation: custom(1_000) }) });
      }
      const [first] = await client.receive('publish');
      client.confirm(first?.packetId ?? 0, puback(first?.packetId ?? 0));
      expect((await client.receive('publish', 2)).map(({ topic }) => topic.split('/')[4])).toEqual(['c1', 'c2']);
    });

    it('a withdrawal that is too large is not sent', async () => {
      const { device, client } = await open({ maxPacketBytes: 300 });
      await server.push(device);
      await client.receive('publish');
      server.links.cancel(parseDeviceId(device), 'c1' as CommandId, 'x'.repeat(256));
      await settle(client);
      expect(client.received.filter(({ kind }) => kind === 'publish')).toHaveLength(1);
    });

    it.each([
      [40, []],
      [90, ['userProperties']],
      [300, ['reasonString', 'userProperties']],
    ])('words are left out first: DISCONNECT in %d bytes', async (maxPacketBytes, words) => {
      const { client } = await open({ maxPacketBytes });
      client.write(subscribe(5, 2, []));
      await client.closed();
      expect(client.brief.at(-1)).toBe('DISCONNECT 0x82');
      expect(Object.keys(client.received.at(-1)?.properties ?? {}).toSorted()).toEqual(words);
    });

    it.each([4, 5, 10, 70, 120, 300])('words are left out first: a CONNACK that refuses, in %d bytes', async (size) => {
      using client = new StrictClient(server.port, 5, { maxPacketBytes: size });
      client.write(hello(5, 'd', { password: 'No ticket', properties: [property(0x27, u32(size))] }));
      await client.closed();
      expect(client.brief).toEqual(size < 5 ? [] : ['CONNACK 0x86']);
    });

    it('a client that cannot take the CONNACK is refused', async () => {
      using client = new StrictClient(server.port, 5, { maxPacketBytes: 20 });
      client.write(hello(5, 'd', { properties: [property(0x27, u32(20))] }));
      await client.closed();
      expect(client.brief).toEqual(['CONNACK 0x95']);
    });

    it('words are left out first: PUBACK', async () => {
      const { device, client } = await open({ maxPacketBytes: 40 });
      client.write(publish(5, resultsOf(device), { qos: 1, payload: '{' }));
      expect((await client.receive('puback'))[0]).toMatchObject({ code: 0x99, properties: {} });
    });
  });

  it('[MQTT-3.1.2-29] no words in PUBACK to a client that wants none', async () => {
    for (const wantsProblems of [true, false]) {
      const { device, client } = await open({ wantsProblems });
      client.write(publish(5, resultsOf(device), { qos: 1, payload: '{' }));
      const [answer] = await client.receive('puback');
      expect(answer).toMatchObject({ code: 0x99 });
      expect(answer?.properties.reasonString !== undefined).toBe(wantsProblems);
    }
  });

  describe('[MQTT-3.3.4-9] no more than the Receive Maximum before a PUBACK', () => {
    it.each([1, 2, 31, 32, 33, 64, 100])(
      'Receive Maximum %d, with results, withdrawals and new subscriptions',
      async (receiveMaximum) => {
        const { device, client } = await open({ receiveMaximum });
        for (let n = 0; n < 200; n += 1) {
          await server.push(device, { id: `c${n}` as CommandId });
          server.links.cancel(parseDeviceId(device), `c${n % 7}` as CommandId, 'enough');
          // A result is no PUBACK.
          client.write(publish(5, resultsOf(device, `c${n}`)));
        }
        client.write(unsubscribe(5, 2, [filterOf(device)]), subscribe(5, 3, [[filterOf(device), 1]]));
        await client.receive('suback', 2);
        for (let n = 200; n < 300; n += 1) await server.push(device, { id: `c${n}` as CommandId });
        await settle(client);
        const sent = () => client.received.filter(({ kind, qos }) => kind === 'publish' && qos === 1);
        expect(sent().length).toBeLessThanOrEqual(receiveMaximum);
        // Each PUBACK makes room for the next.
        for (let n = 0; n < 50; n += 1) {
          await vi.waitUntil(() => sent().length > n);
          const { packetId = 0 } = sent()[n] ?? {};
          client.confirm(packetId, puback(packetId));
        }
        await settle(client);
        expect(client.problems).toEqual([]);
      },
    );
  });

  it('[MQTT-3.3.5-1] commands with the best QoS of the subscriptions that are left', async () => {
    const { device, client } = await open();
    const qosOf = async (id: string) => {
      const before = client.received.filter(({ kind }) => kind === 'publish').length;
      await server.push(device, { id: id as CommandId });
      return (await client.receive('publish', before + 1)).at(-1)?.qos;
    };
    expect(await qosOf('c1')).toBe(1);
    client.write(subscribe(5, 2, [[`pushfleet/devices/${device}/#`, 0]]));
    await client.receive('suback', 2);
    expect(await qosOf('c2')).toBe(1);
    client.write(unsubscribe(5, 3, [filterOf(device)]));
    await client.receive('unsuback');
    expect(await qosOf('c3')).toBe(0);
    client.write(subscribe(5, 4, [[`pushfleet/devices/${device}/#`, 1]]));
    await client.receive('suback', 3);
    expect(await qosOf('c4')).toBe(1);
    client.write(unsubscribe(5, 5, [`pushfleet/devices/${device}/#`]));
    await client.receive('unsuback', 2);
    expect(server.links.epochOf(parseDeviceId(device))).toBe(0);
  });

  it('a refusal of the device on, as one: PUBACK with 0x80 or more', async () => {
    const { device, client } = await open({ receiveMaximum: 1 });
    for (const id of ['c1', 'd-2', 'c3']) await server.push(device, { id: id as CommandId });
    for (const count of [1, 2, 3]) {
      const { packetId = 0 } = (await client.receive('publish', count)).at(-1) ?? {};
      const words = count === 1 ? list(property(0x1f, text('the disk is full'))) : '00';
      client.confirm(packetId, puback(packetId, [count === 3 ? 0x10 : 0x97], words));
    }
    await vi.waitUntil(() => server.reportsOf(device).length === 3);
    expect(server.reportsOf(device)).toEqual(['result rejected c1', 'result rejected d-2', 'delivered c3']);
    const [first, second] = server.reports.filter(({ report }) => report.deviceId === device);
    expect(first?.report).toMatchObject({
      result: { rejected: { reason: 'refused by the device: quota exceeded (0x97): the disk is full' } },
    });
    expect(second?.report).toMatchObject({ result: { rejected: { reason: expect.stringMatching(/0x97\)$/) } } });
  });

  it.each([
    ['00', 'goodbye'],
    ['04', 'goodbye'],
    ['95', 'deviceError'],
    ['80', 'deviceError'],
  ])('nothing behind a DISCONNECT with 0x%s, which means %s', async (code, reason) => {
    const { device, client } = await open();
    await server.push(device);
    await client.receive('publish');
    client.write(disconnect(code));
    await client.closed();
    await vi.waitUntil(() => server.reportsOf(device).length === 1);
    const found = server.reports.find(({ report }) => report.deviceId === device);
    expect(found?.report).toMatchObject({ report: 'linkLost', linkLost: { reason } });
    expect(client.brief.at(-1)).toBe('PUBLISH QoS 1');
  });

  it.each([
    [5, ['CONNACK 0x00', 'SUBACK 1 0x01', 'DISCONNECT 0x9c']],
    [4, ['CONNACK 0x00', 'SUBACK 1 0x01']],
  ] as const)('MQTT %d devices redirect, as far as there are words for it', async (version, expected) => {
    server.redirect.target = { nodeId: 'dp-2', address: '2001:db8::1', port: 13_295 };
    const device = nextDevice();
    using client = new StrictClient(server.port, version);
    client.write(hello(version, device), subscribe(version, 1, [[filterOf(device), 1]]));
    await client.receive('suback');
    await server.links.redirect(parseDeviceId(device), 'useAnotherServer');
    await client.closed();
    expect(client.brief).toEqual(expected);
    if (version === 4) return;
    expect(client.received.at(-1)?.properties).toEqual({
      serverReference: '[2001:db8::1]:13295',
      reasonString: expect.any(String),
      userProperties: [
        ['pushfleet-close-reason', 'useAnotherServer'],
        ['pushfleet-node-id', 'dp-2'],
      ],
    });
  });
});
