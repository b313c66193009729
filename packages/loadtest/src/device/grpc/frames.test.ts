import { expect, it } from 'vitest';
import { callStream, FrameReader, frame, frameFlag, frameType } from './frames.ts';

const padded = Buffer.from('02616263 0000'.replaceAll(' ', ''), 'hex');
const prioritized = Buffer.from('01 00000003 10 88 00'.replaceAll(' ', ''), 'hex');

it('cuts frames out of any chunks, without their padding and priority', () => {
  const stream = Buffer.concat([
    frame(frameType.data, 0, callStream, Buffer.from('whole')),
    frame(frameType.data, frameFlag.padded, callStream, padded),
    frame(frameType.headers, frameFlag.padded | frameFlag.priority, callStream, prioritized),
    frame(frameType.ping, 0, 0, Buffer.alloc(8)),
  ]);
  for (let at = 0; at <= stream.length; at += 1) {
    const contents: [number, string][] = [];
    const reader = new FrameReader((type, _flags, payload) => contents.push([type, payload.toString('latin1')]));
    reader.read(stream.subarray(0, at));
    reader.read(stream.subarray(at));
    expect(contents).toEqual([
      [frameType.data, 'whole'],
      [frameType.data, 'abc'],
      [frameType.headers, '\x88'],
      [frameType.ping, '\0'.repeat(8)],
    ]);
  }
});

it('refuses a frame that is longer than what was announced', () => {
  const reader = new FrameReader(() => {});
  expect(() => reader.read(Buffer.from('004001000000000001', 'hex'))).toThrow(TypeError);
});
