import fc from 'fast-check';
import { generate } from 'mqtt-packet';
import { describe, expect, it } from 'vitest';
import { type Frame, FrameReader } from './frame-reader.ts';
import { Violation } from './rule.ts';

const publish = generate({ cmd: 'publish', topic: 't', payload: Buffer.alloc(200), qos: 0, dup: false, retain: false });
const packets = [publish, generate({ cmd: 'pingreq' }), Buffer.of(0xe0, 0x80, 0x00), publish];
const stream = Buffer.concat(packets);

function readAll(reader: FrameReader): Frame[] {
  const frames: Frame[] = [];
  for (let frame = reader.next(); frame; frame = reader.next())
    frames.push({ ...frame, body: Buffer.from(frame.body) });
  return frames;
}

const whole = readAll(pushed(new FrameReader(1_000), stream));

function pushed(reader: FrameReader, ...chunks: Buffer[]): FrameReader {
  for (const chunk of chunks) reader.push(Buffer.from(chunk));
  return reader;
}

describe('the frame reader', () => {
  it('cuts a stream into packets', () => {
    expect(whole.map(({ type, flags, length, lengthBytes }) => [type, flags, length, lengthBytes])).toEqual([
      [3, 0, 203, 2],
      [12, 0, 0, 1],
      [14, 0, 0, 2],
      [3, 0, 203, 2],
    ]);
  });

  it('finds the same packets wherever the stream is cut, and holds nothing when it has found them', () => {
    for (let at = 0; at <= stream.length; at += 1) {
      const reader = new FrameReader(1_000);
      const first = readAll(pushed(reader, stream.subarray(0, at)));
      expect([...first, ...readAll(pushed(reader, stream.subarray(at)))]).toEqual(whole);
      expect(reader.isInside).toBe(false);
    }
  });

  it('finds the same packets in chunks of any size, read at any time', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.boolean())), (cuts) => {
        const reader = new FrameReader(1_000);
        const frames: Frame[] = [];
        let at = 0;
        for (const [length, isRead] of cuts) {
          reader.push(Buffer.from(stream.subarray(at, at + length)));
          at = Math.min(stream.length, at + length);
          if (isRead) frames.push(...readAll(reader));
        }
        reader.push(Buffer.from(stream.subarray(at)));
        expect([...frames, ...readAll(reader)]).toEqual(whole);
      }),
    );
  });

  it('changes nothing of a packet that it has handed out', () => {
    const reader = new FrameReader(1_000);
    pushed(reader, publish.subarray(0, 20));
    reader.next();
    reader.push(Buffer.concat([publish.subarray(20), publish.subarray(0, 10)]));
    const body = reader.next()?.body;
    const copy = Buffer.from(body as Buffer);
    reader.next();
    reader.push(publish.subarray(10));
    reader.next();
    expect(body).toEqual(copy);
  });

  it('hands out a packet that is too large by its length, before its body comes', () => {
    expect(pushed(new FrameReader(202), publish.subarray(0, 3)).next()).toMatchObject({
      length: 203,
      body: Buffer.of(),
    });
    expect(pushed(new FrameReader(203), publish).next()).toMatchObject({ length: 203 });
    expect(pushed(new FrameReader(203), publish.subarray(0, 3)).next()).toBeUndefined();
  });

  it('waits with a CONNECT that is too large until it tells its version', () => {
    const reader = pushed(new FrameReader(10), Buffer.from('10ff7f00044d515454', 'hex'));
    expect(reader.next()).toBeUndefined();
    expect(pushed(reader, Buffer.of(5)).next()).toMatchObject({ length: 16_383, body: { length: 7 } });
  });

  it('holds no more than twice what has come of a packet, in whatever pieces it comes', () => {
    const reader = new FrameReader(1_441_792);
    reader.push(Buffer.from('30ffff57', 'hex'));
    reader.next();
    const before = process.memoryUsage();
    for (let byte = 0; byte < 1_000_000; byte += 1) {
      reader.push(Buffer.of(0));
      if (byte % 100 === 0) reader.next();
    }
    const { external, arrayBuffers } = process.memoryUsage();
    expect(external + arrayBuffers - before.external - before.arrayBuffers).toBeLessThan(16_000_000);
  });

  it.each([
    ['a length that no packet can have', '30ffffffff'],
    ['a length that never ends', '308080808001'],
  ])('refuses %s', (_, bytes) => {
    const reader = pushed(new FrameReader(268_435_455), Buffer.from(bytes, 'hex'));
    expect(() => reader.next()).toThrow(Violation);
  });
});
