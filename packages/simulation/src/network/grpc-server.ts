import { Duplex } from 'node:stream';
import { type Metadata, type ServiceDefinition, status } from '@grpc/grpc-js';
import type { SimulatedProcess } from '../world/process.ts';
import type { Connection, Peer } from './connection.ts';
import { costOf } from './costs.ts';
import type { ClientFrame, ServerFrame, WireStatus } from './grpc-frames.ts';
import type { Network } from './network.ts';
import { type SocketFrame, VirtualSocket } from './socket.ts';
import type { VirtualAdmission } from './virtual-admission.ts';

type Handler = (call: unknown, answer?: (error: unknown, response?: unknown) => void) => unknown;

export interface GrpcServerOptions {
  network: Network;
  process: SimulatedProcess;
  address: string;
  port: number;
  services: readonly { definition: ServiceDefinition; handlers: object }[];
  /** Lets connections in; absent: they come in at once. */
  admission?: VirtualAdmission;
  /** Judges who connects, as TLS does. `false`: the connection is closed, and nothing that comes over it is read. */
  identify?(connection: Connection): boolean;
  /** Takes connections that carry bytes instead of calls. Absent: they are closed. */
  onSocket?(socket: VirtualSocket): void;
  /** Called before the handler of each call; answers an error that ends it. */
  admit?(call: AdmittedCall, metadata: Metadata): WireStatus | undefined;
  /** An exception of a handler. */
  onFault(error: unknown): void;
}

/** A call before its handler sees it. */
export interface AdmittedCall {
  readonly connection: Connection;
  readonly path: string;
  readonly metadata: Metadata;
}

/** Serves gRPC services to clients of the virtual network, as grpc-js does. */
export class GrpcServer implements Disposable {
  readonly acceptor;
  readonly #options: GrpcServerOptions;
  readonly #listening: Disposable;
  readonly #connections = new Set<Connection>();
  readonly #calls = new Set<ServerCall>();
  readonly #sockets = new Set<VirtualSocket>();

  constructor(options: GrpcServerOptions) {
    this.#options = options;
    const { network, process, address, port } = options;
    this.acceptor = { process, accept: (connection: Connection) => this.#accept(connection) };
    this.#listening = network.listen(address, port, this.acceptor);
  }

  get process(): SimulatedProcess {
    return this.#options.process;
  }

  /** The peers of the calls of a method that have not ended. */
  peersOf(method: string): string[] {
    if (this.#options.process.isEnded) return [];
    return [...this.#calls].filter(({ path }) => path.endsWith(`/${method}`)).map((call) => call.getPeer());
  }

  /** The peers of the connections that carry bytes. */
  get socketPeers(): string[] {
    return this.#options.process.isEnded ? [] : [...this.#sockets].map(({ remoteAddress }) => remoteAddress);
  }

  /** Closes the connections of which it holds, and so ends their calls. */
  closeConnections(isMeant: (connection: Connection) => boolean): void {
    for (const connection of [...this.#connections]) if (isMeant(connection)) connection.break('connection reset');
  }

  stopListening(): void {
    this.#listening[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.stopListening();
    for (const connection of this.#connections) connection.close('server');
    this.#connections.clear();
    this.#options.admission?.[Symbol.dispose]();
  }

  #accept(connection: Connection): Peer {
    const { admission, process, identify } = this.#options;
    if (identify && !identify(connection)) {
      connection.close('server', 'connection reset');
      return { onFrame: () => {}, onClosed: () => {} };
    }
    this.#connections.add(connection);
    const calls = new Map<number, ServerCall>();
    let socket: VirtualSocket | undefined;
    const pass = (frame: unknown) => {
      if (!isOfSocket(frame as ClientFrame | SocketFrame))
        return this.#onFrame(connection, calls, frame as ClientFrame);
      socket ??= this.#acceptSocket(connection);
      socket.onFrame(frame as SocketFrame);
    };
    const visitor = admission?.admit(connection, pass);
    return {
      onFrame: (frame, costMs) => {
        if (visitor) return visitor.onFrame(frame, costMs);
        process.spend(costMs);
        pass(frame);
      },
      onClosed: (reason) => {
        this.#connections.delete(connection);
        visitor?.onClosed();
        socket?.onClosed(reason);
        for (const call of calls.values()) call.onCancelled();
      },
    };
  }

  #acceptSocket(connection: Connection): VirtualSocket {
    const socket = new VirtualSocket(connection, 'server');
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    if (this.#options.onSocket) this.#options.onSocket(socket);
    else socket.destroy();
    return socket;
  }

  #onFrame(connection: Connection, calls: Map<number, ServerCall>, frame: ClientFrame): void {
    if (frame.kind === 'begin') {
      const call: ServerCall = new ServerCall(connection, frame.id, frame.path, frame.metadata, () => {
        calls.delete(frame.id);
        this.#calls.delete(call);
      });
      calls.set(frame.id, call);
      this.#calls.add(call);
      return this.#begin(call, frame.path);
    }
    const call = calls.get(frame.id);
    if (!call) return;
    if (frame.kind === 'message') call.onMessage(frame.bytes);
    else if (frame.kind === 'half-close') call.onHalfClose();
    else call.onCancelled();
  }

  #begin(call: ServerCall, path: string): void {
    for (const { definition, handlers } of this.#options.services) {
      const entry = Object.entries(definition).find(([, method]) => method.path === path);
      if (!entry) continue;
      const [name, method] = entry;
      const handler = (handlers as Record<string, Handler>)[name];
      const refusal = this.#options.admit?.(call, call.metadata);
      if (refusal) return call.finish(refusal);
      if (!handler) return call.finish({ code: status.UNIMPLEMENTED, details: `no ${path}` });
      return call.serve(method, handler.bind(handlers), this.#options.onFault);
    }
    call.finish({ code: status.UNIMPLEMENTED, details: `no ${path}` });
  }
}

/** The client of the call or socket has shown who it is. */
export function markAuthenticated(admission: VirtualAdmission | undefined, peer: object): void {
  if (peer instanceof ServerCall || peer instanceof VirtualSocket) admission?.markAuthenticated(peer.connection);
}

function isOfSocket({ kind }: ClientFrame | SocketFrame): boolean {
  return kind === 'bytes' || kind === 'fin';
}

/** One call as its handler sees it: what grpc-js' ServerUnaryCall, ServerWritableStream and ServerDuplexStream have in common. */
class ServerCall extends Duplex {
  cancelled = false;
  request: unknown;
  readonly path: string;
  readonly metadata: Metadata;
  readonly #connection: Connection;
  readonly #id: number;
  readonly #onOver: () => void;
  #status: WireStatus = { code: status.OK, details: '' };
  #serialize: (message: unknown) => Buffer = () => Buffer.alloc(0);
  #deserialize: (bytes: Buffer) => unknown = (bytes) => bytes;
  #onRequest: (() => void) | undefined;
  #held: { message: unknown; bytes: number }[] = [];
  #wants = false;
  #isHalfClosed = false;
  #isOver = false;

  constructor(connection: Connection, id: number, path: string, metadata: Metadata, onOver: () => void) {
    super({ objectMode: true });
    this.path = path;
    this.metadata = metadata;
    this.#connection = connection;
    this.#id = id;
    this.#onOver = onOver;
    this.on('error', (error: Partial<WireStatus>) => {
      this.#status = toWireStatus(error);
      this.end();
    });
  }

  get connection(): Connection {
    return this.#connection;
  }

  get client(): SimulatedProcess {
    return this.#connection.client;
  }

  getPeer(): string {
    return this.#connection.client.host.address;
  }

  sendMetadata(metadata: Metadata): void {
    if (!this.#isOver) this.#send({ kind: 'metadata', id: this.#id, metadata }, 64, () => {});
  }

  getDeadline(): number {
    return Number.POSITIVE_INFINITY;
  }

  serve(method: ServiceDefinition[string], handler: Handler, onFault: (error: unknown) => void): void {
    this.#serialize = method.responseSerialize;
    this.#deserialize = method.requestDeserialize;
    const guard = (work: () => unknown) => {
      const fail = (error: unknown) => {
        onFault(error);
        this.finish({ code: status.INTERNAL, details: 'internal error' });
      };
      try {
        const result = work();
        if (result instanceof Promise) result.catch(fail);
      } catch (error) {
        fail(error);
      }
    };
    const answered = (error: unknown, answer: unknown) => this.#answer(error, answer);
    if (method.requestStream) return guard(() => (method.responseStream ? handler(this) : handler(this, answered)));
    // One request, and then the handler.
    this.#onRequest = () => guard(() => (method.responseStream ? handler(this) : handler(this, answered)));
  }

  onMessage(bytes: Buffer): void {
    if (this.#isOver) return;
    const message = this.#deserialize(bytes);
    if (this.#onRequest) {
      this.request = message;
      this.#connection.read('server', bytes.length);
      const run = this.#onRequest;
      this.#onRequest = undefined;
      return run();
    }
    this.#held.push({ message, bytes: bytes.length });
    this.#pass();
  }

  onHalfClose(): void {
    this.#isHalfClosed = true;
    this.#pass();
  }

  onCancelled(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onOver();
    this.cancelled = true;
    this.emit('cancelled', 'cancelled');
    this.destroy();
  }

  /** Ends it with a status. */
  finish(end: WireStatus): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onOver();
    this.#send({ kind: 'status', id: this.#id, status: end }, 64, () => {});
    this.destroy();
  }

  override _read(): void {
    this.#wants = true;
    this.#pass();
  }

  override _write(message: unknown, _encoding: string, done: (error?: Error | null) => void): void {
    if (this.#isOver) return done();
    const bytes = this.#serialize(message);
    this.#send({ kind: 'message', id: this.#id, bytes }, bytes.length, () => done());
  }

  override _final(done: (error?: Error | null) => void): void {
    const { code, details, metadata } = this.#status;
    if (!this.#isOver) {
      this.#isOver = true;
      this.#onOver();
      const end = { code, details, ...(metadata ? { metadata } : {}) };
      this.#send({ kind: 'status', id: this.#id, status: end }, 64, () => {});
    }
    done();
  }

  #answer(error: unknown, response: unknown): void {
    if (error) return this.finish(toWireStatus(error as Partial<WireStatus>));
    const bytes = this.#serialize(response);
    if (this.#isOver) return;
    this.#send({ kind: 'message', id: this.#id, bytes }, bytes.length, () => {});
    this.finish({ code: status.OK, details: '' });
  }

  #pass(): void {
    while (this.#wants && this.#held.length > 0) {
      const { message, bytes } = this.#held.shift() as { message: unknown; bytes: number };
      this.#connection.read('server', bytes);
      this.#wants = this.push(message);
    }
    if (this.#held.length === 0 && this.#isHalfClosed) {
      this.#isHalfClosed = false;
      this.push(null);
    }
  }

  #send(frame: ServerFrame, bytes: number, onTaken: () => void): void {
    this.#connection.send('server', frame, bytes, onTaken, costOf(this.path, bytes));
  }
}

function toWireStatus({ code, details, metadata, message }: Partial<WireStatus> & { message?: string }): WireStatus {
  const end = { code: code ?? status.UNKNOWN, details: details ?? message ?? 'unknown error' };
  return metadata ? { ...end, metadata } : end;
}
