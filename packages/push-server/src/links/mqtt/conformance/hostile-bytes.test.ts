import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ClientPacket, readClientPacket } from '../wire/client-packet.ts';
import { FrameReader } from '../wire/frame-reader.ts';
import { type MqttVersion, Violation } from '../wire/rule.ts';
import type { ConformanceCase } from './conformance-case.fixture.ts';
import { connectCases } from './connect-cases.fixture.ts';
import { type LinkServer, startLinkServer } from './link-server.fixture.ts';
import { otherCases } from './other-cases.fixture.ts';
import { pubackCases, publishCases } from './publish-cases.fixture.ts';
import { disconnect, filterOf, hello, pingreq, puback, publish, resultsOf, subscribe } from './raw-packets.fixture.ts';
import { subscribeCases } from './subscribe-cases.fixture.ts';

const cases: ConformanceCase[] = [...connectCases, ...publishCases, ...pubackCases, ...subscribeCases, ...otherCases];
const versions: MqttVersion[] = [4, 5];

/** All packets of a stream, up to the first rule that is broken. @throws whatever is no Violation */
function read(version: MqttVersion, chunks: readonly Buffer[]): (ClientPacket | string)[] {
  const reader = new FrameReader(1_441_792);
  const packets: (ClientPacket | string)[] = [];
  try {
    for (const chunk of chunks) {
      reader.push(Buffer.from(chunk));
      for (let frame = reader.next(); frame; frame = reader.next()) {
        if (frame.length > reader.maxBytes) return [...packets, 'too large'];
        packets.push(structuredClone(readClientPacket(frame, { version, keepsSession: false })));
      }
    }
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    packets.push(error.message);
  }
  return packets;
}

/** A session as a device has it. */
function session(version: MqttVersion, device: string): Buffer {
  return Buffer.concat([
    hello(version, device),
    subscribe(version, 1, [[filterOf(device), 1]]),
    puback(1),
    publish(version, resultsOf(device), { qos: 1, packetId: 2 }),
    publish(version, resultsOf(device, 'd-1')),
    pingreq,
    disconnect(),
  ]);
}

const version = fc.constantFrom(...versions);
const mutation = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom('flip', 'set', 'insert', 'remove', 'repeat', 'cut'),
  value: fc.integer({ min: 0, max: 255 }),
});

function mutate(bytes: Buffer, mutations: readonly { at: number; kind: string; value: number }[]): Buffer {
  return mutations.reduce((mutated, { at: anywhere, kind, value }) => {
    const at = anywhere % (mutated.length + 1);
    const [head, tail] = [mutated.subarray(0, at), mutated.subarray(at)];
    switch (kind) {
      case 'flip':
        return Buffer.concat([head, Buffer.of((tail[0] ?? 0) ^ (1 << (value & 7))), tail.subarray(1)]);
      case 'set':
        return Buffer.concat([head, Buffer.of(value), tail.subarray(1)]);
      case 'insert':
        return Buffer.concat([head, Buffer.of(value), tail]);
      case 'remove':
        return Buffer.concat([head, tail.subarray(1 + (value & 15))]);
      case 'repeat':
        return Buffer.concat([mutated, tail.subarray(0, value)]);
      default:
        return head;
    }
  }, bytes);
}

describe('what a client sends', () => {
  // It computes all the time, and others may have the cores.
  it('means the same wherever it is cut', { timeout: 120_000 }, () => {
    for (const one of cases) {
      const stream = Buffer.concat(one.send('d1'));
      // Those that are about size alone.
      if (stream.length > 2_000) continue;
      const whole = read(one.version, [stream]);
      for (let at = 1; at < stream.length; at += 1) {
        const cut = read(one.version, [stream.subarray(0, at), stream.subarray(at)]);
        expect(isDeepStrictEqual(cut, whole) ? 'the same' : cut).toBe('the same');
      }
      expect(
        read(
          one.version,
          [...stream].map((byte) => Buffer.of(byte)),
        ),
      ).toEqual(whole);
    }
  });

  it('is a packet or breaks a rule, whatever the bytes', () => {
    fc.assert(
      fc.property(version, fc.array(fc.uint8Array({ maxLength: 64 })), (of, chunks) => {
        expect(() =>
          read(
            of,
            chunks.map((chunk) => Buffer.from(chunk)),
          ),
        ).not.toThrow();
      }),
      { numRuns: 5_000 },
    );
  });

  it('is a packet or breaks a rule, whatever is behind a good fixed header', () => {
    fc.assert(
      fc.property(version, fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 127 }), (of, first, body) => {
        const [packet] = read(of, [Buffer.of(first, body.length), Buffer.from(body)]);
        expect(packet).toBeDefined();
      }),
      { numRuns: 20_000 },
    );
  });

  it('is a packet or breaks a rule, however a good session was changed', () => {
    fc.assert(
      fc.property(version, fc.array(mutation, { minLength: 1, maxLength: 8 }), (of, mutations) => {
        expect(() => read(of, [mutate(session(of, 'd1'), mutations)])).not.toThrow();
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('an MQTT link', () => {
  let server: LinkServer;

  beforeAll(async () => {
    server = await startLinkServer();
  });

  afterAll(() => server[Symbol.asyncDispose]());

  it('answers the same wherever what it gets is cut', async () => {
    for (const of of versions) {
      const stream = session(of, 'cut');
      const seen = new Set<string>();
      for (let at = 1; at < stream.length; at += 1) {
        const { socket, send, sent } = server.openStream();
        send(stream.subarray(0, at));
        await new Promise((resolve) => setImmediate(resolve));
        send(stream.subarray(at));
        await vi.waitUntil(() => socket.writableEnded, { interval: 1 });
        seen.add(Buffer.concat(sent).toString('hex'));
      }
      expect([...seen]).toHaveLength(1);
    }
  });

  it('ends or goes on, and throws nothing, however a good session was changed', async () => {
    await fc.assert(
      fc.asyncProperty(version, fc.array(mutation, { maxLength: 6 }), fc.nat(300), async (of, mutations, cut) => {
        const stream = mutate(session(of, 'mutated'), mutations);
        const { socket, send } = server.openStream();
        send(stream.subarray(0, cut));
        send(stream.subarray(cut));
        await new Promise((resolve) => setImmediate(resolve));
        socket.push(null);
        await vi.waitUntil(() => socket.destroyed || socket.isPaused(), { interval: 0 });
        socket.destroy();
      }),
      { numRuns: 1_000 },
    );
    expect([...server.barrier.faults]).toEqual([]);
    server.clock.advance(60_000);
    server.links.tick();
    await vi.waitUntil(() => server.links.links === 0);
  });
});
