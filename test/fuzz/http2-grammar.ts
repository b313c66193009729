import type { Choices } from './choices.ts';
import { mutate } from './mutate.ts';

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/** A client's half of an HTTP/2 connection: the preface, settings, and frames in any order. */
export function http2Session(choices: Choices, paths: readonly string[]): Buffer {
  const opening = [preface, frame(0x4, 0, 0, choices.oneIn(3) ? setting(choices) : Buffer.alloc(0))];
  const calls = choices.some(8, () => 0).map((_, index) => properCall(choices, paths, 2 * index + 1));
  const whole = Buffer.concat([
    ...opening,
    ...calls,
    ...(choices.oneIn(2) ? choices.some(6, () => anyFrame(choices, paths)) : []),
  ]);
  return choices.oneIn(4) ? mutate(whole, choices) : whole;
}

/** Headers, a message and then, perhaps, the end or a reset: a call as clients make it and give it up. */
function properCall(choices: Choices, paths: readonly string[], stream: number): Buffer {
  const message = choices.oneIn(3) ? [] : [frame(0x0, choices.oneIn(3) ? 0 : 1, stream, grpcMessage(choices))];
  const end = choices.oneIn(4) ? [frame(0x3, 0, stream, uint32(8))] : [];
  return Buffer.concat([frame(0x1, 0x4, stream, headerBlock(choices, paths)), ...message, ...end]);
}

function anyFrame(choices: Choices, paths: readonly string[]): Buffer {
  const stream = choices.oneIn(8) ? choices.edge(31) : 1 + 2 * choices.below(8);
  switch (choices.below(12)) {
    case 0:
    case 1:
    case 2:
      return frame(0x1, choices.oneIn(3) ? choices.edge(8) : 0x4, stream, headerBlock(choices, paths));
    case 3:
    case 4:
      return frame(0x0, choices.below(2), stream, grpcMessage(choices));
    case 5:
      return frame(0x3, 0, stream, uint32(choices.edge(32)));
    case 6:
      return frame(0x4, choices.below(2), choices.oneIn(8) ? stream : 0, setting(choices));
    case 7:
      return frame(0x6, choices.below(2), 0, choices.bytes(choices.oneIn(8) ? choices.below(16) : 8));
    case 8:
      return frame(0x8, 0, choices.oneIn(2) ? stream : 0, uint32(choices.edge(32)));
    case 9:
      return frame(0x9, choices.pick([0, 0x4]), stream, headerBlock(choices, paths));
    case 10:
      return frame(0x7, 0, 0, choices.bytes(8 + choices.below(16)));
    default:
      return frame(choices.edge(8), choices.edge(8), stream, choices.bytes(choices.below(64)));
  }
}

/** Literal header fields without indexing, which need no compression state. */
function headerBlock(choices: Choices, paths: readonly string[]): Buffer {
  const fields: [string, string][] = [
    [':method', choices.oneIn(8) ? 'GET' : 'POST'],
    [':scheme', 'https'],
    [':path', choices.pick(paths)],
    [':authority', 'localhost'],
    ['content-type', choices.oneIn(8) ? 'text/html' : 'application/grpc'],
    ['te', 'trailers'],
  ];
  const more = choices.some(choices.oneIn(2) ? 0 : 3, (): [string, string] => [
    choices.pick([
      'grpc-timeout',
      'grpc-encoding',
      'authorization',
      'x-bin',
      'grpc-status',
      choices.pick(['x', 'X', '']),
    ]),
    choices.pick(['1n', '99999999H', '-1S', 'gzip', 'identity', 'Bearer x', '%%', '\u0000', 'y'.repeat(9_000)]),
  ]);
  return Buffer.concat([...fields, ...more].map(([name, value]) => literal(name, value)));
}

function literal(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.from([0]), hpackString(name), hpackString(value)]);
}

function hpackString(text: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length < 127) return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  const length: number[] = [127];
  let rest = bytes.length - 127;
  for (; rest >= 128; rest >>>= 7) length.push((rest & 0x7f) | 0x80);
  return Buffer.concat([Buffer.from([...length, rest]), bytes]);
}

/** A length-prefixed message; its length and its compression flag are not always what they should be. */
function grpcMessage(choices: Choices): Buffer {
  const body = choices.bytes(choices.below(64));
  const length = choices.oneIn(4) ? choices.edge(32) : body.length;
  return Buffer.concat([Buffer.from([choices.oneIn(6) ? choices.edge(8) : 0]), uint32(length), body]);
}

function setting(choices: Choices): Buffer {
  return Buffer.concat(
    choices.some(4, () => Buffer.concat([Buffer.from([0, choices.below(10)]), uint32(choices.edge(32))])),
  );
}

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream >>> 0, 5);
  return Buffer.concat([head, payload]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}
