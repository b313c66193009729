// HTTP/2 as far as a connection with one call needs it, by hand: with `node:http2` most of what a gRPC device costs would be its session
// and its stream. RFC 9113, 4 and 6.

export const frameType = {
  data: 0x0,
  headers: 0x1,
  rstStream: 0x3,
  settings: 0x4,
  ping: 0x6,
  goaway: 0x7,
  windowUpdate: 0x8,
  continuation: 0x9,
} as const;

export const frameFlag = { ack: 0x1, endStream: 0x1, endHeaders: 0x4, padded: 0x8, priority: 0x20 } as const;

/** The one call of a connection. */
export const callStream = 1;

const headBytes = 9;
/** The least limit that an endpoint may have, and ours. */
const maxPayloadBytes = 16_384;
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
/** A decoder without a dynamic table, and no push. */
const ourSettings = [
  [0x1, 0],
  [0x2, 0],
] as const;

export function frame(type: number, flags: number, stream: number, payload: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(headBytes + payload.length);
  bytes.writeUIntBE(payload.length, 0, 3);
  bytes[3] = type;
  bytes[4] = flags;
  bytes.writeUInt32BE(stream, 5);
  bytes.set(payload, headBytes);
  return bytes;
}

/** The first bytes of a connection, with the headers of its call. */
export function openingFrames(headers: readonly (readonly [name: string, value: string])[]): Buffer {
  const settings = Buffer.alloc(6 * ourSettings.length);
  for (const [index, [id, value]] of ourSettings.entries()) {
    settings.writeUInt16BE(id, 6 * index);
    settings.writeUInt32BE(value, 6 * index + 2);
  }
  const fields = headers.flatMap(([name, value]) => [Buffer.of(0x00), literal(name), literal(value)]);
  return Buffer.concat([
    preface,
    frame(frameType.settings, 0, 0, settings),
    frame(frameType.headers, frameFlag.endHeaders, callStream, Buffer.concat(fields)),
  ]);
}

/** The room for this many bytes more, on the connection and for its call. */
export function windowFrames(bytes: number): Buffer {
  const increment = Buffer.alloc(4);
  increment.writeUInt32BE(bytes);
  return Buffer.concat([0, callStream].map((stream) => frame(frameType.windowUpdate, 0, stream, increment)));
}

/** A text of a header, without Huffman coding (RFC 7541, 5.2). */
function literal(text: string): Buffer {
  const length: number[] = [];
  let rest = text.length - 0x7f;
  if (rest < 0) length.push(text.length);
  else {
    length.push(0x7f);
    for (; rest >= 0x80; rest >>>= 7) length.push((rest & 0x7f) | 0x80);
    length.push(rest);
  }
  return Buffer.concat([Buffer.from(length), Buffer.from(text, 'latin1')]);
}

export type OnFrame = (type: number, flags: number, payload: Buffer) => void;

/** Cuts a stream of bytes into frames; those that came whole in one chunk, as nearly all do, are handed on without a copy. */
export class FrameReader {
  readonly #onFrame: OnFrame;
  #rest: Buffer | undefined;

  constructor(onFrame: OnFrame) {
    this.#onFrame = onFrame;
  }

  /** Calls back for each frame that is whole now. @throws TypeError where one is longer than what was announced. */
  read(chunk: Buffer): void {
    const source = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (at + headBytes <= source.length) {
      const payloadAt = at + headBytes;
      const end = payloadAt + source.readUIntBE(at, 3);
      if (end - payloadAt > maxPayloadBytes) throw new TypeError(`a frame of ${end - payloadAt} bytes`);
      if (end > source.length) break;
      const [type, flags] = [source[at + 3] as number, source[at + 4] as number];
      at = end;
      this.#onFrame(type, flags, contentOf(type, flags, source.subarray(payloadAt, end)));
    }
    this.#rest = at < source.length ? source.subarray(at) : undefined;
  }
}

/** The payload without padding and priority. */
function contentOf(type: number, flags: number, payload: Buffer): Buffer {
  if (type !== frameType.data && type !== frameType.headers) return payload;
  const isPadded = (flags & frameFlag.padded) !== 0;
  const skipped = (isPadded ? 1 : 0) + (type === frameType.headers && (flags & frameFlag.priority) !== 0 ? 5 : 0);
  if (skipped === 0) return payload;
  return payload.subarray(skipped, payload.length - (isPadded ? (payload[0] as number) : 0));
}
