import { Duplex } from 'node:stream';
import type { SimulatedProcess } from '../world/process.ts';
import type { Connection, Peer } from './connection.ts';
import { costOf, handshakeMs } from './costs.ts';
import type { Network } from './network.ts';

/** Frames of a connection that carries a stream of bytes; `fin`: nothing more comes from that side. */
export type SocketFrame = { kind: 'bytes'; bytes: Buffer } | { kind: 'fin' };

/** The reason of an end that is like that of one who has nothing more to say. */
const closed = 'closed';

export interface SocketOptions {
  network: Network;
  process: SimulatedProcess;
  address: string;
  port: number;
  /** A larger piece breaks the connection before it is read. */
  mostBytes?: number;
  /** Each direction ends by itself. Absent: the end of one is that of the other. */
  allowHalfOpen?: boolean;
  /** Called once bytes may be written. */
  opened?(): void;
}

/** Connects a socket of bytes, in order, as net.connect does; half-open ones included, and those of peers that do not read. */
export function connectSocket({
  network,
  process,
  address,
  port,
  mostBytes,
  allowHalfOpen,
  opened,
}: SocketOptions): VirtualSocket {
  const peer: Peer = {
    onFrame: (frame) => socket.onFrame(frame as SocketFrame),
    onClosed: (why) => socket.onClosed(why),
  };
  const connection = network.connect(process, address, port, peer);
  const onEstablished = connection.onEstablished;
  connection.onEstablished = () => {
    onEstablished();
    process.receive(() => {
      if (!socket.destroyed) opened?.();
    });
  };
  const socket: VirtualSocket = new VirtualSocket(connection, 'client', { mostBytes, allowHalfOpen });
  return socket;
}

/** One end of a connection as a net.Socket has it: closed by either side, it ends for both. */
export class VirtualSocket extends Duplex {
  readonly connection: Connection;
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** Called with what goes out, and with what comes in before it is read. */
  onBytes: (direction: 'in' | 'out', bytes: Buffer) => void = () => {};
  readonly #side: 'client' | 'server';
  readonly #mostBytes: number;
  #held: SocketFrame[] = [];
  #wants = false;
  #isGreeting = true;

  constructor(
    connection: Connection,
    side: 'client' | 'server',
    {
      mostBytes = Number.POSITIVE_INFINITY,
      allowHalfOpen = false,
    }: { mostBytes?: number | undefined; allowHalfOpen?: boolean | undefined } = {},
  ) {
    super({ allowHalfOpen });
    this.connection = connection;
    this.remoteAddress = connection.client.host.address;
    this.remotePort = connection.clientPort;
    this.#side = side;
    this.#mostBytes = mostBytes;
    // As whoever opens or accepts a socket: what happens to it ends it, and that is all.
    this.on('error', () => {});
  }

  onFrame(frame: SocketFrame): void {
    if (this.destroyed) return;
    if (frame.kind === 'bytes' && frame.bytes.length > this.#mostBytes) return this.connection.break('out of memory');
    if (frame.kind === 'bytes') this.onBytes('in', frame.bytes);
    this.#held.push(frame);
    this.#pass();
  }

  onClosed(reason: string): void {
    if (reason === closed) this.onFrame({ kind: 'fin' });
    else if (!this.#held.some(({ kind }) => kind === 'fin')) this.destroy(new Error(reason));
  }

  override _read(): void {
    this.#wants = true;
    this.#pass();
  }

  override _write(bytes: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#send(bytes, done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#send(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.connection.send(this.#side, { kind: 'fin' } satisfies SocketFrame, 0, () => {}, 0);
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    const isUnread = this.#held.some(({ kind }) => kind === 'bytes') || this.readableLength > 0;
    this.#held = [];
    this.connection.close(this.#side, isUnread ? 'connection reset' : closed);
    done(error);
  }

  #send(bytes: Buffer, done: (error?: Error | null) => void): void {
    if (bytes.length === 0) return done();
    this.onBytes('out', bytes);
    const greetingMs = this.#isGreeting && this.#side === 'client' ? handshakeMs : 0;
    this.#isGreeting = false;
    const frame: SocketFrame = { kind: 'bytes', bytes };
    this.connection.send(this.#side, frame, bytes.length, () => done(), greetingMs + costOf('', bytes.length));
  }

  #pass(): void {
    while (this.#wants && this.#held.length > 0) {
      const frame = this.#held.shift() as SocketFrame;
      if (frame.kind === 'fin') {
        this.push(null);
        return;
      }
      this.connection.read(this.#side, frame.bytes.length);
      this.#wants = this.push(frame.bytes);
    }
  }
}
