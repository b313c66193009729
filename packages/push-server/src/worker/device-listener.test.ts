import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { type device, limits } from '@pushfleet/protocol';
import { DeviceLinkService } from '@pushfleet/protocol/device';
import { Barrier, silentLogger } from '@pushfleet/runtime';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findFreePorts } from '../../../../test/cluster/free-ports.ts';
import { FrameType, grpcMessage, RawHttp2, rawFrame, Setting } from '../../../../test/cluster/raw-http2.ts';
import { createDeliveryHarness } from '../durable/durable-delivery.fixture.ts';
import { DelayedAcks } from '../links/mqtt/delayed-acks.ts';
import { DeviceListener, DeviceListeners } from './device-listener.ts';

const { path, requestSerialize } = DeviceLinkService.service.Connect;
const encode = (message: device.ConnectRequestInit): Buffer => requestSerialize(message as device.ConnectRequest);
const ping = encode({ ping: {} });
/** In this world a ticket is the id of its device. */
const hello = (ticket = 'd1') => encode({ hello: { ticket } });

describe('the gRPC side of the device port', { timeout: 30_000 }, () => {
  let world: Awaited<ReturnType<typeof createDeliveryHarness>>;
  let listener: DeviceListener;
  let port: number;
  const clients: RawHttp2[] = [];

  beforeEach(async () => {
    world = await createDeliveryHarness();
    listener = createListener(world, 0);
    await listener.listen();
    port = listener.port;
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client[Symbol.dispose]();
    await listener[Symbol.asyncDispose]();
    await world[Symbol.asyncDispose]();
  });

  /** With one Connect call on it. */
  async function connect(settings: readonly (readonly [number, number])[] = []): Promise<RawHttp2> {
    const client = await RawHttp2.connect(port, { settings });
    clients.push(client);
    client.call(1, path);
    return client;
  }

  async function connectLive(id: string, settings: readonly (readonly [number, number])[] = []): Promise<RawHttp2> {
    const client = await connect(settings);
    client.message(1, hello(id));
    await vi.waitFor(() => expect(world.links.epochOf(id as never)).toBeGreaterThan(0));
    return client;
  }

  /** Time passes for host and sessions. */
  async function turn(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) await world.tick();
  }

  it('announces 8 calls at once, and closes a client that goes on beyond them', async () => {
    const client = await connect();
    await vi.waitFor(() => expect(client.serverSettings?.get(Setting.maxConcurrentStreams)).toBe(8));
    for (let nth = 1; nth < 20; nth += 1) client.call(2 * nth + 1, path);
    await vi.waitFor(() => expect(client.isOpen).toBe(false));
  });

  it.each([
    ['a ping', ping],
    ['a confirmation', encode({ delivered: { commandId: 'c1' } })],
    ['a result', encode({ result: { commandId: 'c1', cancelled: { reason: '' } } })],
    ['nothing', encode({})],
  ])('answers %s before a hello with the end of the link', async (_, message) => {
    const client = await connect();
    client.message(1, message);
    await vi.waitFor(() => expect(world.links.links).toBe(0));
    await vi.waitFor(() => expect(headers(client)).toBe(1));
    expect(client.dataBytes()).toBe(0);
  });

  it.each([
    ['claims to be larger', grpcMessage(Buffer.alloc(0), limits.greetingBytes + 1)],
    ['is larger', grpcMessage(hello('x'.repeat(limits.greetingBytes)))],
  ])('reads no first message that %s than a greeting', async (_, message) => {
    const client = await connect();
    for (let from = 0; from < message.length; from += 16_384) {
      client.write(rawFrame(FrameType.data, 0, 1, message.subarray(from, from + 16_384)));
    }
    await vi.waitFor(() => expect(headers(client)).toBe(1));
    expect(world.links.links).toBe(0);
    expect(client.dataBytes()).toBe(0);
  });

  it('reads larger messages once a device is known', async () => {
    const client = await connectLive('d1');
    const output = Buffer.alloc(40_000);
    client.message(1, encode({ result: { commandId: 'c1', succeeded: { output } } }));
    await vi.waitFor(() => expect(world.reports()).toEqual(['result c1 to every']));
  });

  it('counts every message that a device does not read, pongs too', async () => {
    const client = await connectLive('d1', [[Setting.initialWindowSize, 0]]);
    const pings = Buffer.concat(Array.from({ length: 500 }, () => grpcMessage(ping)));
    for (let sent = 0; sent < 100 && world.links.links > 0; sent += 1) {
      client.write(rawFrame(FrameType.data, 0, 1, pings));
      // The window for what we send is opened as it is read.
      await vi.waitUntil(() => sent < 10 || world.links.links === 0 || credit(client) >= sent * pings.length - 50_000, {
        interval: 1,
        timeout: 10_000,
      });
    }
    expect(world.links.links).toBe(0);
    await turn(7);
    await vi.waitFor(() => expect(client.resets.has(1)).toBe(true));
  });

  it('ends a call by the deadline to greet, although its client neither reads nor closes it', async () => {
    const client = await connect([[Setting.initialWindowSize, 0]]);
    await vi.waitFor(() => expect(world.links.links).toBe(1));
    await turn(11);
    expect(world.links.links).toBe(0);
    await turn(7);
    await vi.waitFor(() => expect(client.resets.has(1)).toBe(true));
    await turn(12);
    await vi.waitFor(() => expect(client.isOpen).toBe(false));
  });

  it('lets in whoever comes beside devices that are known, and only so many beside unauthenticated ones', async () => {
    for (const id of ['d1', 'd2', 'd3', 'd4', 'd5']) await connectLive(id);
    const unauthenticated = [await connect(), await connect(), await connect()];
    await vi.waitFor(() => expect(world.links.links).toBe(8));
    const refused = await connect();
    await vi.waitFor(() => expect(refused.isOpen).toBe(false));
    expect(unauthenticated.every(({ isOpen }) => isOpen)).toBe(true);
    unauthenticated[0]?.message(1, hello('d6'));
    await vi.waitFor(() => expect(world.links.live).toBe(6));
    await connectLive('d7');
  });
});

function headers(client: RawHttp2): number {
  return client.frames.filter(({ type }) => type === FrameType.headers).length;
}

/** How much the host has let its client send on the connection, beyond the first window. */
function credit(client: RawHttp2): number {
  const frames = client.frames.filter(({ type, stream }) => type === FrameType.windowUpdate && stream === 0);
  return frames.reduce((sum, { payload }) => sum + payload.readUInt32BE(0), 0);
}

describe('the listeners of a worker', { timeout: 30_000 }, () => {
  it('take no connections while they pause, keep those that are open, and take them again', async () => {
    await using world = await createDeliveryHarness();
    const [port = 0] = await findFreePorts(1);
    await using listeners = new DeviceListeners(() => createListener(world, port));
    await listeners.open(port);
    using kept = await RawHttp2.connect(port);
    // Until it is accepted, it is no connection that a listener keeps.
    await vi.waitFor(() => expect(kept.serverSettings).toBeDefined());
    for (let turn = 0; turn < 3; turn += 1) {
      listeners.pause();
      await expect(once(connectTcp(port), 'connect')).rejects.toThrow('ECONNREFUSED');
      expect(listeners.socketOf(port)).toBeUndefined();
      await listeners.open(port);
      using _later = await RawHttp2.connect(port);
    }
    expect(kept.isOpen).toBe(true);
    expect(listeners.stats()).toHaveLength(1);
  });

  it('can be stopped while they pause, and opened anew', async () => {
    await using world = await createDeliveryHarness();
    const [port = 0] = await findFreePorts(1);
    await using listeners = new DeviceListeners(() => createListener(world, port));
    await listeners.open(port);
    listeners.pause();
    listeners.stop(port);
    expect(listeners.isOpen(port)).toBe(false);
    await listeners.close(port);
    await listeners.open(port);
    using _later = await RawHttp2.connect(port);
  });
});

function createListener({ clock, links }: Awaited<ReturnType<typeof createDeliveryHarness>>, port: number) {
  const connectionLimits = { connections: 100, unauthenticated: 3, unauthenticatedPerAddress: 3 };
  const barrier = new Barrier({ logger: silentLogger });
  const settings = {
    nodeId: 'dp-1',
    keepAlive: { defaultMs: 60_000, maxMs: 1_200_000 },
    barrier,
    attended: clock,
    acks: new DelayedAcks(clock),
    connectionLimits,
  };
  return new DeviceListener({ ...settings, host: '127.0.0.1', port, tls: undefined, onTunnel: () => {} }, (link) =>
    links.accept(link, port),
  );
}
