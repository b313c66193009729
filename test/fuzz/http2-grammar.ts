import {
  continuationFrame,
  grpcHeaders,
  grpcMessage,
  headersFrame,
  rawFrame,
  resetFrame,
} from '../cluster/raw-http2.ts';
import type { Choices } from './choices.ts';
import { mutate } from './mutate.ts';

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/** A client's half of an HTTP/2 connection: the preface, settings, and frames in any order. */
export function http2Session(choices: Choices, paths: readonly string[]): Buffer {
  const opening = [preface, rawFrame(0x4, 0, 0, choices.oneIn(3) ? setting(choices) : Buffer.alloc(0))];
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
  const message = choices.oneIn(3) ? [] : [rawFrame(0x0, choices.oneIn(3) ? 0 : 1, stream, anyMessage(choices))];
  const end = choices.oneIn(4) ? [resetFrame(stream)] : [];
  return Buffer.concat([headersFrame(stream, headersOf(choices, paths)), ...message, ...end]);
}

function anyFrame(choices: Choices, paths: readonly string[]): Buffer {
  const stream = choices.oneIn(8) ? choices.edge(31) : 1 + 2 * choices.below(8);
  switch (choices.below(12)) {
    case 0:
    case 1:
    case 2:
      return headersFrame(stream, headersOf(choices, paths), {
        endStream: choices.oneIn(4),
        endHeaders: !choices.oneIn(6),
      });
    case 3:
    case 4:
      return rawFrame(0x0, choices.below(2), stream, anyMessage(choices));
    case 5:
      return rawFrame(0x3, 0, stream, uint32(choices.edge(32)));
    case 6:
      return rawFrame(0x4, choices.below(2), choices.oneIn(8) ? stream : 0, setting(choices));
    case 7:
      return rawFrame(0x6, choices.below(2), 0, choices.bytes(choices.oneIn(8) ? choices.below(16) : 8));
    case 8:
      return rawFrame(0x8, 0, choices.oneIn(2) ? stream : 0, uint32(choices.edge(32)));
    case 9:
      return continuationFrame(stream, headersOf(choices, paths), { endHeaders: choices.oneIn(2) });
    case 10:
      return rawFrame(0x7, 0, 0, choices.bytes(8 + choices.below(16)));
    default:
      return rawFrame(choices.edge(8), choices.edge(8), stream, choices.bytes(choices.below(64)));
  }
}

/** The headers of a call, sometimes with some that it should never have. */
function headersOf(choices: Choices, paths: readonly string[]): [string, string][] {
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
  const usual = grpcHeaders(choices.pick(paths)).filter(() => !choices.oneIn(30));
  return [...usual, ...more];
}

/** Its length is not always what is said, and it is not always called uncompressed. */
function anyMessage(choices: Choices): Buffer {
  const body = choices.bytes(choices.below(64));
  const message = grpcMessage(body, choices.oneIn(4) ? choices.edge(32) : body.length);
  if (choices.oneIn(6)) message[0] = choices.edge(8);
  return message;
}

function setting(choices: Choices): Buffer {
  return Buffer.concat(
    choices.some(4, () => Buffer.concat([Buffer.from([0, choices.below(10)]), uint32(choices.edge(32))])),
  );
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}
