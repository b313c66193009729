import net, { type Socket } from 'node:net';
import tls from 'node:tls';

/** RFC 9113, 6. */
export const FrameType = {
  data: 0x0,
  headers: 0x1,
  priority: 0x2,
  rstStream: 0x3,
  settings: 0x4,
  ping: 0x6,
  goaway: 0x7,
  windowUpdate: 0x8,
  continuation: 0x9,
} as const;

/** RFC 9113, 6.5.2. */
export const Setting = {
  headerTableSize: 0x1,
  maxConcurrentStreams: 0x3,
  initialWindowSize: 0x4,
  maxFrameSize: 0x5,
  maxHeaderListSize: 0x6,
} as const;

const flags = { ack: 0x1, endStream: 0x1, endHeaders: 0x4 } as const;

export interface RawFrame {
  type: number;
  flags: number;
  stream: number;
  payload: Buffer;
}

export interface RawHttp2Options {
  /** With TLS, which ALPN h2 is part of; absent: plain TCP. */
  tls?: tls.ConnectionOptions;
  /** The settings that the client announces; an initial window of 0, for example, lets nothing be answered. */
  settings?: readonly (readonly [id: number, value: number])[];
  /** Never reads what comes. */
  deaf?: boolean;
}

/** An HTTP/2 client that sends exactly the frames that it is told to, and keeps those that come. */
export class RawHttp2 implements Disposable {
  readonly socket: Socket;
  readonly frames: RawFrame[] = [];
  #rest = Buffer.alloc(0);

  private constructor(socket: Socket, deaf: boolean) {
    this.socket = socket;
    socket.on('error', () => socket.destroy());
    if (deaf) socket.pause();
    else socket.on('data', (chunk: Buffer) => this.#onData(chunk));
  }

  /** Resolves once the connection is open and its preface is sent. */
  static async connect(port: number, options: RawHttp2Options = {}): Promise<RawHttp2> {
    const at = { port, host: '127.0.0.1' };
    const socket = options.tls ? tls.connect({ ...at, ALPNProtocols: ['h2'], ...options.tls }) : net.connect(at);
    const client = new RawHttp2(socket, options.deaf ?? false);
    await new Promise((resolve) => {
      socket.once(options.tls ? 'secureConnect' : 'connect', resolve).once('close', resolve);
    });
    client.write(Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), settingsFrame(options.settings ?? []));
    return client;
  }

  get isOpen(): boolean {
    return !this.socket.destroyed;
  }

  /** The settings that the server announced first, by id. */
  get serverSettings(): ReadonlyMap<number, number> | undefined {
    return this.#settings[0];
  }

  /** All values of one setting that the server has announced, in order. */
  announced(setting: number): number[] {
    return this.#settings.flatMap((settings) => settings.get(setting) ?? []);
  }

  get #settings(): Map<number, number>[] {
    const frames = this.frames.filter((one) => one.type === FrameType.settings && (one.flags & flags.ack) === 0);
    return frames.map(({ payload }) => {
      const at = Array.from({ length: payload.length / 6 }, (_, index) => 6 * index);
      return new Map(at.map((from) => [payload.readUInt16BE(from), payload.readUInt32BE(from + 2)]));
    });
  }

  /** The error code of the GOAWAY that came; `undefined`: none has. */
  get goaway(): number | undefined {
    return this.frames.find(({ type }) => type === FrameType.goaway)?.payload.readUInt32BE(4);
  }

  /** The debug data of the GOAWAY. */
  get goawayText(): string | undefined {
    return this.frames.find(({ type }) => type === FrameType.goaway)?.payload.toString('latin1', 8);
  }

  /** Error codes of the RST_STREAMs that came, by stream. */
  get resets(): ReadonlyMap<number, number> {
    const resets = this.frames.filter(({ type }) => type === FrameType.rstStream);
    return new Map(resets.map(({ stream, payload }) => [stream, payload.readUInt32BE(0)]));
  }

  /** Bytes of DATA that came on a stream, or on all. */
  dataBytes(stream?: number): number {
    const data = this.frames.filter((one) => one.type === FrameType.data && (stream ?? one.stream) === one.stream);
    return data.reduce((bytes, { payload }) => bytes + payload.length, 0);
  }

  /** `false`: what was written waits in this process. */
  write(...buffers: readonly Uint8Array[]): boolean {
    return this.isOpen && this.socket.write(Buffer.concat(buffers));
  }

  /** Opens a gRPC call; nothing but its headers is sent. */
  call(stream: number, path: string, more: readonly (readonly [string, string])[] = []): boolean {
    return this.write(headersFrame(stream, [...grpcHeaders(path), ...more]));
  }

  /** A gRPC message of these bytes. */
  message(stream: number, bytes: Uint8Array, { endStream = false } = {}): boolean {
    return this.write(...dataFrames(stream, grpcMessage(bytes), endStream));
  }

  reset(stream: number, code = 0x8): boolean {
    return this.write(resetFrame(stream, code));
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }

  #onData(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length >= 9) {
      const length = this.#rest.readUIntBE(0, 3);
      if (this.#rest.length < 9 + length) return;
      const frame = this.#rest.subarray(0, 9 + length);
      this.#rest = this.#rest.subarray(9 + length);
      this.#onFrame({
        type: frame.readUInt8(3),
        flags: frame.readUInt8(4),
        stream: frame.readUInt32BE(5) & 0x7fffffff,
        payload: frame.subarray(9),
      });
    }
  }

  #onFrame(frame: RawFrame): void {
    this.frames.push(frame);
    if (frame.type === FrameType.settings && (frame.flags & flags.ack) === 0) {
      this.write(rawFrame(FrameType.settings, flags.ack, 0));
    }
  }
}

export function rawFrame(
  type: number,
  flagBits: number,
  stream: number,
  payload: Uint8Array = Buffer.alloc(0),
): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flagBits, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

export function settingsFrame(settings: readonly (readonly [id: number, value: number])[]): Buffer {
  const payload = Buffer.alloc(settings.length * 6);
  for (const [index, [id, value]] of settings.entries()) {
    payload.writeUInt16BE(id, index * 6);
    payload.writeUInt32BE(value, index * 6 + 2);
  }
  return rawFrame(FrameType.settings, 0, 0, payload);
}

export function pingFrame(): Buffer {
  return rawFrame(FrameType.ping, 0, 0, Buffer.alloc(8));
}

export function resetFrame(stream: number, code = 0x8): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(code);
  return rawFrame(FrameType.rstStream, 0, stream, payload);
}

export function windowFrame(stream: number, increment: number): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(increment);
  return rawFrame(FrameType.windowUpdate, 0, stream, payload);
}

export interface HeadersOptions {
  endStream?: boolean;
  /** `false`: CONTINUATION frames are to follow. */
  endHeaders?: boolean;
}

export function headersFrame(
  stream: number,
  headers: readonly (readonly [string, string])[],
  { endStream = false, endHeaders = true }: HeadersOptions = {},
): Buffer {
  const bits = (endStream ? flags.endStream : 0) | (endHeaders ? flags.endHeaders : 0);
  return rawFrame(FrameType.headers, bits, stream, headerBlock(headers));
}

export function continuationFrame(
  stream: number,
  headers: readonly (readonly [string, string])[],
  { endHeaders = false }: HeadersOptions = {},
): Buffer {
  return rawFrame(FrameType.continuation, endHeaders ? flags.endHeaders : 0, stream, headerBlock(headers));
}

export function dataFrames(stream: number, bytes: Uint8Array, endStream = false): Buffer[] {
  const frames: Buffer[] = [];
  for (let from = 0; from === 0 || from < bytes.length; from += 16_384) {
    const isLast = from + 16_384 >= bytes.length;
    const bits = endStream && isLast ? flags.endStream : 0;
    frames.push(rawFrame(FrameType.data, bits, stream, bytes.subarray(from, from + 16_384)));
  }
  return frames;
}

/** With its length in front, as gRPC has it. `claimedBytes`: the length that is said instead. */
export function grpcMessage(bytes: Uint8Array, claimedBytes = bytes.length): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(claimedBytes, 1);
  return Buffer.concat([head, bytes]);
}

export function grpcHeaders(path: string): [string, string][] {
  return [
    [':method', 'POST'],
    [':scheme', 'http'],
    [':path', path],
    [':authority', 'localhost'],
    ['content-type', 'application/grpc'],
    ['te', 'trailers'],
  ];
}

/** HPACK, every field as a literal that is not indexed (RFC 7541, 6.2.2), without Huffman coding. */
function headerBlock(headers: readonly (readonly [string, string])[]): Buffer {
  const parts = headers.flatMap(([name, value]) => [Buffer.from([0x00]), literal(name), literal(value)]);
  return Buffer.concat(parts);
}

function literal(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  return Buffer.concat([integer(bytes.length, 7), bytes]);
}

/** RFC 7541, 5.1. */
function integer(value: number, prefixBits: number): Buffer {
  const max = 2 ** prefixBits - 1;
  if (value < max) return Buffer.from([value]);
  const bytes = [max];
  let rest = value - max;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}
