import { generate } from 'mqtt-packet';
import { describe, expect, it } from 'vitest';
import { checkFrames, createFrameLimit } from './frame-limit.ts';

const publish = generate({ cmd: 'publish', topic: 't', payload: Buffer.alloc(200), qos: 0, dup: false, retain: false });
const stream = Buffer.concat([publish, generate({ cmd: 'pingreq' }), publish]);

describe('the frame limit', () => {
  it('lets packets within the limit pass, wherever the stream is cut', () => {
    for (let at = 0; at <= stream.length; at += 1) {
      const limit = createFrameLimit(210);
      expect(checkFrames(limit, stream.subarray(0, at))).toBe('ok');
      expect(checkFrames(limit, stream.subarray(at))).toBe('ok');
      expect(limit).toEqual(createFrameLimit(210));
    }
  });

  it('refuses a packet by its length, before its body comes', () => {
    expect(checkFrames(createFrameLimit(202), publish.subarray(0, 3))).toBe('too-large');
    expect(checkFrames(createFrameLimit(203), publish)).toBe('ok');
  });

  it.each([
    ['a length that no packet can have', [0x30, 0xff, 0xff, 0xff, 0xff]],
    ['a length that never ends', [0x30, 0x80, 0x80, 0x80, 0x80, 0x01]],
  ])('refuses %s', (_, bytes) => {
    expect(checkFrames(createFrameLimit(268_435_455), Uint8Array.from(bytes))).toBe('malformed');
  });
});
