import { once } from 'node:events';
import http2 from 'node:http2';
import { setImmediate } from 'node:timers/promises';
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { statusDetailsKey } from '@pushfleet/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  continuationFrame,
  FrameType,
  grpcHeaders,
  grpcMessage,
  headersFrame,
  pingFrame,
  RawHttp2,
  type RawHttp2Options,
  rawFrame,
  resetFrame,
  Setting,
  settingsFrame,
} from '../../../../test/cluster/raw-http2.ts';
import { startHost, type TestHost } from './grpc-host.fixture.ts';

const calm = 0xb;
const protocolError = 0x1;
const stream = '/test.Test/Stream';
const unary = '/test.Test/Unary';
const bytes = (text: string) => Buffer.from(text);

interface Layer {
  call?: Layer;
  nextCall?: Layer;
  decoder?: { readPartialMessage: Buffer[]; readCompressFlag: Buffer };
}

/** Bytes of memory that grpc-js holds of what a call has read. */
function heldBytes({ call, nextCall, decoder }: Layer): number {
  const inner = call ?? nextCall;
  if (!decoder) return inner ? heldBytes(inner) : Number.NaN;
  const { readPartialMessage, readCompressFlag } = decoder;
  return [readCompressFlag, ...readPartialMessage].reduce((sum, { length }) => sum + length, 0);
}

describe('a gRPC host', () => {
  let test: TestHost;
  const clients: RawHttp2[] = [];
  beforeEach(async () => {
    test = await startHost();
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client[Symbol.dispose]();
    await test[Symbol.asyncDispose]();
  });

  async function connect(options: RawHttp2Options = {}): Promise<RawHttp2> {
    const client = await RawHttp2.connect(test.listener.port, options);
    clients.push(client);
    return client;
  }

  async function connectAuthenticated(): Promise<RawHttp2> {
    const client = await connect();
    client.call(1, stream);
    client.message(1, bytes('admit'));
    await vi.waitFor(() => expect(client.dataBytes(1)).toBeGreaterThan(0));
    await vi.waitFor(() => expect(client.announced(Setting.maxConcurrentStreams)).toHaveLength(2));
    return client;
  }

  /**
   * Writes the same again and again until the host closes the connection, and says how often. What the host has not read when it
   * closes would reset the connection, and its last words be lost.
   */
  async function flood(client: RawHttp2, make: (nth: number) => Uint8Array, atMost: number): Promise<number> {
    let count = 0;
    while (client.isOpen && count < atMost) {
      client.write(...Array.from({ length: 20 }, () => make(count++)));
      while (client.isOpen && !test.hasRead(client.socket)) await setImmediate();
    }
    await vi.waitFor(() => expect(client.isOpen).toBe(false));
    return count;
  }

  async function expectServing(): Promise<void> {
    const client = await connect();
    client.call(1, unary);
    client.message(1, bytes('still here'), { endStream: true });
    await vi.waitFor(() => expect(client.dataBytes(1)).toBe(5 + 'still here'.length));
  }

  it('lets go of a message that is handled, and reads the next one whole', async () => {
    const client = await connect();
    client.call(1, stream);
    client.message(1, bytes('forget'));
    await vi.waitFor(() => expect(client.dataBytes(1)).toBe(5 + 'forget'.length));
    expect(heldBytes([...test.open][0] as Layer)).toBe(1);
    client.message(1, bytes('more'));
    await vi.waitFor(() => expect(client.dataBytes(1)).toBe(5 + 'forget'.length + 5 + 'more'.length));
    // What grpc-js does where nobody asks: the test looks in the right place.
    expect(heldBytes([...test.open][0] as Layer)).toBeGreaterThan('more'.length);
  });

  it('announces how many bytes of headers it remembers, and serves clients that remember more', async () => {
    await test[Symbol.asyncDispose]();
    test = await startHost({ headerTableBytes: 0 });
    const client = await connect();
    await vi.waitFor(() => expect(client.serverSettings?.get(Setting.headerTableSize)).toBe(0));
    await expectServing();
  });

  describe('stops an exception in a handler', () => {
    it.each([unary, stream])('of %s, ends that call and no other', async (path) => {
      const client = await connect();
      client.call(1, stream);
      client.message(1, bytes('one'));
      client.call(3, path);
      client.message(3, bytes('fail'), { endStream: true });
      await vi.waitFor(() => expect(client.frames.some((frame) => frame.stream === 3)).toBe(true));
      client.message(1, bytes('two'));
      await vi.waitFor(() => expect(client.dataBytes(1)).toBe(2 * (5 + 3)));
      expect(client.dataBytes(3)).toBe(0);
      expect([...test.barrier.faults.values()]).toEqual([1]);
    });

    it.each([unary, stream])('of %s, and says INTERNAL without a detail', async (path) => {
      using client = disposable(new Client(`127.0.0.1:${test.listener.port}`, credentials.createInsecure()));
      const error = await new Promise<ServiceError>((resolve) => {
        if (path === unary) {
          client.value.makeUnaryRequest(
            path,
            (value: Buffer) => value,
            String,
            bytes('fail'),
            (failure) => resolve(failure as ServiceError),
          );
          return;
        }
        const call = client.value.makeBidiStreamRequest(path, (value: Buffer) => value, String);
        call.on('error', resolve);
        call.write(bytes('fail'));
      });
      expect(error).toMatchObject({ code: 13, details: 'internal error' });
      expect(error.metadata.get(statusDetailsKey)).toHaveLength(1);
    });
  });

  describe('ends a call by a deadline of its own', () => {
    it('of which the request does not come, and lets its client keep the status', async () => {
      const client = await connect();
      for (const id of [1, 3]) client.call(id, unary);
      client.write(rawFrame(FrameType.data, 0, 3, grpcMessage(bytes('half'), 100)));
      client.call(5, stream);
      for (const text of ['one', 'end']) client.message(5, bytes(text));
      await vi.waitFor(() => expect(headersOf(client)).toEqual([5, 5]));
      await turn(10_000);
      await vi.waitFor(() => expect(headersOf(client)).toEqual([5, 5, 1, 3]));
      await turn(6_000);
      await vi.waitFor(() => expect(Object.fromEntries(client.resets)).toEqual({ 1: 0, 3: 0, 5: 0 }));
    });

    it('whose answer is not read', async () => {
      const client = await connect({ settings: [[Setting.initialWindowSize, 0]] });
      client.call(1, unary);
      client.message(1, bytes('answer me'), { endStream: true });
      await vi.waitFor(() => expect(headersOf(client)).toEqual([1]));
      await turn(61_000);
      await vi.waitFor(() => expect(client.resets.has(1)).toBe(true));
    });

    it('of an unauthenticated client that does not read a stream', async () => {
      const client = await connect({ settings: [[Setting.initialWindowSize, 0]] });
      client.call(1, stream);
      for (let count = 0; count < 100; count += 1) client.message(1, bytes('answer me'));
      await vi.waitFor(() => expect(headersOf(client)).toEqual([1]));
      await turn(61_000);
      await vi.waitFor(() => expect(client.resets.has(1)).toBe(true));
      await vi.waitFor(() => expect(test.open.size).toBe(0));
    });

    it('that our side has ended, while what came before is not read', async () => {
      const client = await connect({ settings: [[Setting.initialWindowSize, 0]] });
      client.call(1, stream);
      for (const text of ['answer me', 'end']) client.message(1, bytes(text));
      await vi.waitFor(() => expect(headersOf(client)).toEqual([1]));
      await turn(6_000);
      await vi.waitFor(() => expect(Object.fromEntries(client.resets)).toEqual({ 1: 8 }));
    });

    it('and not one that goes on and is read', async () => {
      const client = await connect();
      client.call(1, stream);
      client.message(1, bytes('one'));
      await vi.waitFor(() => expect(client.dataBytes(1)).toBe(8));
      await turn(120_000);
      client.message(1, bytes('two'));
      await vi.waitFor(() => expect(client.dataBytes(1)).toBe(16));
      expect(client.resets.size).toBe(0);
    });
  });

  it.each(['720H', '99999999H', '35792M', '2147484S'])('takes a call whose deadline is %s off', async (timeout) => {
    const warnings: Error[] = [];
    // Others in this process may be warned of something else.
    const onWarning = (warning: Error) => void (warning.name === 'TimeoutOverflowWarning' && warnings.push(warning));
    process.on('warning', onWarning);
    const client = await connect();
    client.write(headersFrame(1, [...grpcHeaders(stream), ['grpc-timeout', timeout]]));
    client.message(1, bytes('one'));
    await vi.waitFor(() => expect(client.dataBytes(1)).toBe(8));
    await expectServing();
    expect(test.open.size).toBe(1);
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });

  it('ends a call whose deadline is near', async () => {
    const client = await connect();
    client.write(headersFrame(1, [...grpcHeaders(stream), ['grpc-timeout', '20m']]));
    await vi.waitFor(() => expect(client.frames.some((frame) => frame.stream === 1)).toBe(true));
    await vi.waitFor(() => expect(test.open.size).toBe(0));
  });

  describe('bounds what a message may have', () => {
    it.each([
      ['by the length that it claims', grpcMessage(Buffer.alloc(0), 101)],
      ['by what it really has', grpcMessage(Buffer.alloc(101))],
      ['by the greatest length that can be claimed', grpcMessage(Buffer.alloc(0), 0xffffffff)],
    ])('until its client is known, %s', async (_, message) => {
      const client = await connect();
      client.call(1, stream);
      client.write(rawFrame(FrameType.data, 0, 1, message));
      await vi.waitFor(() => expect(headersOf(client)).toEqual([1]));
      expect(client.dataBytes(1)).toBe(0);
      await vi.waitFor(() => expect(test.open.size).toBe(0));
    });

    it('until its client is known', async () => {
      const client = await connectAuthenticated();
      client.message(1, Buffer.alloc(50_000));
      await vi.waitFor(() => expect(client.dataBytes(1)).toBe(50_005 + 10));
    });
  });

  describe('bounds calls on a connection', () => {
    it('as it announces, few for unauthenticated clients and more for others', async () => {
      const client = await connect();
      await vi.waitFor(() => expect(client.serverSettings?.get(Setting.maxConcurrentStreams)).toBe(8));
      client.call(1, stream);
      client.message(1, bytes('admit'));
      await vi.waitFor(() => expect(client.announced(Setting.maxConcurrentStreams)).toEqual([8, 50]));
    });

    it('and closes one that opens more and more, whatever was announced', async () => {
      const client = await connect();
      expect(await flood(client, (nth) => headersFrame(2 * nth + 1, grpcHeaders(unary)), 20_000)).toBeLessThan(1_000);
      expect(test.open.size).toBe(0);
    });

    it('and keeps one that opens many at once, before it hears how many there may be', async () => {
      await using patient = await startHost({ calls: { unauthenticated: 8, authenticated: 1_000 } });
      const client = await RawHttp2.connect(patient.listener.port);
      clients.push(client);
      const burst = Array.from({ length: 500 }, (_, nth) => headersFrame(2 * nth + 1, grpcHeaders(unary)));
      client.write(...burst);
      await vi.waitFor(() => expect(client.resets.size).toBe(492));
      client.message(1, bytes('answered'), { endStream: true });
      await vi.waitFor(() => expect(client.dataBytes(1)).toBeGreaterThan(0));
    });

    it('of a client that was known before, by what is announced then', async () => {
      const client = await connectAuthenticated();
      for (let nth = 1; nth < 60; nth += 1) client.call(2 * nth + 1, stream);
      await vi.waitFor(() => expect(client.isOpen).toBe(false));
      expect(client.goaway).toBe(protocolError);
      await vi.waitFor(() => expect(test.open.size).toBe(0));
    });
  });

  describe('tells a client to calm down', () => {
    it('that pings too often', async () => {
      const client = await connect();
      await flood(client, pingFrame, 10_000);
      expect([client.goaway, client.goawayText]).toEqual([calm, 'too_many_pings']);
      expect(acksOf(client)).toBeLessThanOrEqual(40);
    });

    it('that sets too often', async () => {
      const client = await connect();
      await flood(client, () => settingsFrame([[Setting.initialWindowSize, 65_535]]), 10_000);
      expect([client.goaway, client.goawayText]).toEqual([calm, 'too_many_settings']);
    });

    it('that gives up too many calls', async () => {
      const client = await connect();
      for (let nth = 0; nth < 200 && client.isOpen; nth += 1) {
        client.call(2 * nth + 1, stream);
        await vi.waitUntil(() => test.open.size > 0 || !client.isOpen, { interval: 1 });
        client.reset(2 * nth + 1);
        await vi.waitUntil(() => test.open.size === 0 || !client.isOpen, { interval: 1 });
      }
      expect([client.goaway, client.goawayText]).toEqual([calm, 'too_many_resets']);
    });

    it('that gives up calls faster than we hear of them', async () => {
      const client = await connect();
      const call = (stream: number) => Buffer.concat([headersFrame(stream, grpcHeaders(unary)), resetFrame(stream)]);
      expect(await flood(client, (nth) => call(2 * nth + 1), 10_000)).toBeLessThan(1_000);
      await expectServing();
    });

    it('that makes us reset too many calls', async () => {
      const client = await connect();
      const zeroIncrement = (stream: number) => rawFrame(FrameType.windowUpdate, 0, stream, Buffer.alloc(4));
      const call = (stream: number) => Buffer.concat([headersFrame(stream, grpcHeaders(unary)), zeroIncrement(stream)]);
      expect(await flood(client, (nth) => call(2 * nth + 1), 10_000)).toBeLessThan(1_000);
    });

    it('not if it pings now and then, or while data flows', async () => {
      const client = await connect();
      for (let count = 0; count < 40; count += 1) {
        client.write(pingFrame());
        await vi.waitFor(() => expect(acksOf(client)).toBe(count + 1), { interval: 1 });
        await turn(5_000);
        // So that it is no connection without a call.
        if (count === 0) client.call(1, stream);
      }
      for (let count = 1; count <= 40; count += 1) {
        client.message(1, bytes('x'));
        await vi.waitFor(() => expect(client.dataBytes(1)).toBe(6 * count), { interval: 1 });
        client.write(pingFrame());
        await vi.waitFor(() => expect(acksOf(client)).toBe(40 + count), { interval: 1 });
      }
      expect(client.goaway).toBeUndefined();
    });

    it('that is known, and gives up more than 20,000', async () => {
      const client = await connectAuthenticated();
      const call = (stream: number) => Buffer.concat([headersFrame(stream, grpcHeaders(unary)), resetFrame(stream)]);
      const given = await flood(client, (nth) => call(2 * nth + 3), 40_000);
      expect(given).toBeGreaterThan(20_000);
      expect(given).toBeLessThan(30_000);
      expect([client.goaway, client.goawayText]).toEqual([calm, 'too_many_resets']);
    });

    it('not if it is known and gives up a few thousand calls', async () => {
      await test[Symbol.asyncDispose]();
      test = await startHost({ calls: { unauthenticated: 8, authenticated: 10_000 } });
      const client = await connectAuthenticated();
      for (let nth = 1; nth <= 3_000; nth += 1) {
        client.write(headersFrame(2 * nth + 1, grpcHeaders(unary)), resetFrame(2 * nth + 1));
        if (nth % 20 === 0) await setImmediate();
      }
      client.message(1, bytes('still here'));
      await vi.waitFor(() => expect(client.dataBytes(1)).toBe(10 + 15));
      expect(client.goaway).toBeUndefined();
    });
  });

  describe('closes the connection of an unauthenticated client', () => {
    it.each([
      ['that opens no call', []],
      ['whose call is over', [headersFrame(1, [...grpcHeaders('/no.Such/Method')], { endStream: true })]],
      ['that only pings', [pingFrame(), pingFrame()]],
    ])('%s', async (_, frames) => {
      const client = await connect();
      client.write(...frames);
      await vi.waitFor(() => expect(client.serverSettings).toBeDefined());
      await turn(11_000);
      await vi.waitFor(() => expect(client.isOpen).toBe(false));
    });

    it('and keeps one that is known', async () => {
      const client = await connectAuthenticated();
      client.reset(1);
      await vi.waitFor(() => expect(test.open.size).toBe(0));
      await turn(60_000);
      client.call(3, unary);
      client.message(3, bytes('back'), { endStream: true });
      await vi.waitFor(() => expect(client.dataBytes(3)).toBe(9));
    });
  });

  describe('is not moved by', () => {
    it.each<[string, (nth: number) => Uint8Array]>([
      [
        'headers that never end',
        (nth) => (nth === 0 ? unfinished : continuationFrame(1, [['x-a', 'y'.repeat(4_000)]])),
      ],
      ['headers that go on without saying anything', (nth) => (nth === 0 ? unfinished : continuationFrame(1, []))],
      ['headers of 17 KB', (nth) => headersFrame(2 * nth + 1, [...grpcHeaders(unary), ['x-a', 'y'.repeat(17_000)]])],
      ['a hundred headers', (nth) => headersFrame(2 * nth + 1, [...grpcHeaders(unary), ...manyHeaders])],
      ['frames that are none', () => Buffer.alloc(4_096, 0xff)],
    ])('%s', async (_, make) => {
      await flood(await connect(), make, 10_000);
      await expectServing();
    });

    it.each<[string, readonly (readonly [string, string])[]]>([
      ['a method that it does not have', grpcHeaders('/no.Such/Method')],
      ['a path with bytes beyond ASCII', grpcHeaders('/t\xe4st/\xff\x80')],
      ['a path of 10,000 characters', grpcHeaders(`/${'x'.repeat(10_000)}`)],
      ['another content type', grpcHeaders(unary).with(4, ['content-type', 'text/plain'])],
      ['no content type', grpcHeaders(unary).slice(0, 4)],
      ['a timeout that is none', [...grpcHeaders(unary), ['grpc-timeout', 'soon']]],
      ['a timeout beyond any bound', [...grpcHeaders(unary), ['grpc-timeout', '99999999H']]],
      ['an encoding that it does not know', [...grpcHeaders(unary), ['grpc-encoding', '\xff\xfe']]],
      ['binary metadata that is none', [...grpcHeaders(unary), ['x-a-bin', '!!!'], ['x-b', '\xff']]],
    ])('a call with %s, given up at once or not', async (_, headers) => {
      const client = await connect();
      client.write(headersFrame(1, headers), resetFrame(1), headersFrame(3, headers));
      client.write(rawFrame(FrameType.data, 1, 3, Buffer.from([1, 0, 0, 0, 1, 5])));
      await vi.waitFor(() => expect(client.frames.some((frame) => frame.stream === 3)).toBe(true));
      await expectServing();
      expect([...test.barrier.faults]).toEqual([]);
    });

    it('groups within groups within groups, or a message that unpacks to more than it may have', async () => {
      const client = await connect();
      client.call(1, unary);
      client.message(1, Buffer.alloc(1_000_000, 0x0b), { endStream: true });
      await expectServing();
    });
  });

  describe('looks after its connections', () => {
    const keepAliveMs = 1_000;
    beforeEach(async () => {
      await test[Symbol.asyncDispose]();
      test = await startHost({ keepAliveMs });
    });

    it('and cuts one off on which nothing comes for two intervals', async () => {
      const client = await connect();
      await vi.waitFor(() => expect(client.serverSettings).toBeDefined());
      client.socket.pause();
      await vi.waitFor(() => expect(test.listener.connections).toBe(1));
      test.clock.advance(3 * keepAliveMs);
      await vi.waitFor(() => expect(test.listener.connections).toBe(0));
    });

    it('and keeps one whose client answers pings', async () => {
      const client = http2.connect(`http://127.0.0.1:${test.listener.port}`).on('error', () => {});
      await once(client, 'remoteSettings');
      test.clock.advance(keepAliveMs);
      // Less than ten seconds in all: then one that has made no call is closed for that.
      for (let round = 0; round < 4; round += 1) {
        const pinged = once(client, 'ping');
        test.clock.advance(keepAliveMs);
        await pinged;
        // Answered before the next look at it.
        await new Promise((resolve) => client.ping(resolve));
        test.clock.advance(keepAliveMs);
      }
      expect(test.listener.connections).toBe(1);
      client.destroy();
    });

    it('and asks none that speaks in time, by a keep-alive of its own', async () => {
      const client = await connectAuthenticated();
      const [call] = test.open;
      test.host.setKeepAlive(call as object, 100 * keepAliveMs);
      const say = async () => {
        const before = client.dataBytes(1);
        client.message(1, bytes('here'));
        await vi.waitFor(() => expect(client.dataBytes(1)).toBeGreaterThan(before));
      };
      for (let round = 0; round < 3; round += 1) {
        test.clock.advance(99 * keepAliveMs);
        await say();
      }
      const pings = () => client.frames.filter(({ type }) => type === FrameType.ping).length;
      expect([pings(), test.listener.connections]).toEqual([0, 1]);
      test.clock.advance(202 * keepAliveMs);
      await vi.waitFor(() => expect(pings()).toBe(1));
    });
  });

  it('answers in words that every client can read, whoever made them', async () => {
    using client = disposable(new Client(`127.0.0.1:${test.listener.port}`, credentials.createInsecure()));
    test.host.addService(
      {
        Say: {
          ...{ path: '/test.Odd/Say', requestStream: false, responseStream: false },
          requestSerialize: (value: Buffer) => value,
          requestDeserialize: (value: Buffer) => value,
          responseSerialize: (value: Buffer) => value,
          responseDeserialize: (value: Buffer) => value,
        },
      },
      {
        Say: (_call: unknown, answer: (error: object) => void) =>
          answer({ code: 3, details: `ö\ud83d${'x'.repeat(1e6)}` }),
      },
    );
    const error = await new Promise<ServiceError>((resolve) => {
      client.value.makeUnaryRequest(
        '/test.Odd/Say',
        () => bytes(''),
        String,
        '',
        new Metadata(),
        (failure) => resolve(failure as ServiceError),
      );
    });
    expect(error.code).toBe(3);
    expect(error.details).toMatch(/^ö\ufffdx+$/);
    expect(Buffer.byteLength(error.details)).toBeLessThanOrEqual(1_024);
  });

  /** Time passes on the host, while bytes go to and fro. */
  async function turn(ms: number): Promise<void> {
    await test.clock.turn(ms, 1_000);
  }
});

const unfinished = headersFrame(1, grpcHeaders(unary), { endHeaders: false });
const manyHeaders = Array.from({ length: 100 }, (_, nth) => [`x-${nth}`, 'y'] as const);

/** Calls that were answered with headers. */
function headersOf(client: RawHttp2): number[] {
  return client.frames.filter(({ type }) => type === FrameType.headers).map((frame) => frame.stream);
}

function acksOf(client: RawHttp2): number {
  return client.frames.filter(({ type }) => type === FrameType.ping).length;
}

function disposable(value: Client) {
  return { value, [Symbol.dispose]: () => value.close() };
}
