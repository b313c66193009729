import { Duplex } from 'node:stream';
import { Metadata, type MethodDefinition, type ServiceDefinition, type ServiceError, status } from '@grpc/grpc-js';
import type { SimulatedProcess } from '../world/process.ts';
import type { Connection } from './connection.ts';
import { costOf, handshakeMs } from './costs.ts';
import type { ClientFrame, ServerFrame, WireStatus } from './grpc-frames.ts';
import type { Network } from './network.ts';

type Method = MethodDefinition<unknown, unknown>;
type Answer = (error: ServiceError | null, response?: unknown) => void;

export interface GrpcClientOptions {
  network: Network;
  process: SimulatedProcess;
  address: string;
  port: number;
  /** Why the server is not the one that is meant, as its certificate shows: then nothing is sent to it. */
  judgeServer?(server: SimulatedProcess): string | undefined;
  /** A larger message breaks the connection before it is handled. */
  mostBytes?: number;
  /** Hears of each message that comes, before its call does. */
  onMessage?(message: unknown): void;
}

/** A client as grpc-js makes it from a service's definition, over the virtual network. */
export function createGrpcClient(definition: ServiceDefinition, options: GrpcClientOptions): object {
  const channel = new ClientChannel(options);
  const client: Record<string, unknown> = { close: () => channel.close() };
  for (const [name, method] of Object.entries(definition)) {
    const call = method.requestStream
      ? () => channel.stream(method as Method)
      : method.responseStream
        ? (request: unknown) => channel.stream(method as Method, request)
        : (request: unknown, ...rest: unknown[]) => channel.unary(method as Method, request, rest);
    client[name.charAt(0).toLowerCase() + name.slice(1)] = call;
  }
  return client;
}

/** One connection at a time, which all calls share; a call makes it anew where it is gone. */
class ClientChannel {
  readonly process: SimulatedProcess;
  readonly #options: GrpcClientOptions;
  readonly #calls = new Map<number, ClientCall>();
  #connection: Connection | undefined;
  #lastId = 0;
  #isClosed = false;

  constructor(options: GrpcClientOptions) {
    this.#options = options;
    this.process = options.process;
  }

  close(): void {
    this.#isClosed = true;
    this.#connection?.close('client');
    this.#connection = undefined;
    this.#endAll('channel closed');
  }

  stream(method: Method, request?: unknown): ClientCall {
    const call = this.#begin(method, new Metadata());
    if (!method.requestStream) call.end(request);
    return call;
  }

  /** @param rest Metadata and options, both of which may be missing, and the callback. */
  unary(method: Method, request: unknown, rest: unknown[]): { cancel(): void } {
    const answer = rest.at(-1) as Answer;
    const metadata = (rest.find((value) => value instanceof Metadata) as Metadata | undefined) ?? new Metadata();
    const options = rest.find((value) => typeof value === 'object' && value !== null && 'deadline' in value);
    const { deadline } = (options ?? {}) as { deadline?: number };
    const call = this.#begin(method, metadata);
    const timer =
      deadline === undefined
        ? undefined
        : this.process.clock.after(deadline - this.process.clock.wallMs(), () =>
            call.abort({ code: status.DEADLINE_EXCEEDED, details: 'deadline exceeded' }),
          );
    let response: unknown;
    call.on('data', (message) => {
      response = message;
    });
    call.on('error', () => {});
    call.on('status', (end: WireStatus) => {
      timer?.[Symbol.dispose]();
      if (end.code === status.OK) answer(null, response);
      else answer(toServiceError(end));
    });
    call.end(request);
    return call;
  }

  send(frame: ClientFrame, path: string, bytes: number, onTaken: () => void): void {
    this.#connection?.send('client', frame, bytes, onTaken, costOf(path, bytes));
  }

  read(bytes: number): void {
    this.#connection?.read('client', bytes);
  }

  onMessage(message: unknown): void {
    this.#options.onMessage?.(message);
  }

  forget(id: number): void {
    this.#calls.delete(id);
  }

  #begin(method: Method, metadata: Metadata): ClientCall {
    this.#lastId += 1;
    const call = new ClientCall(this, this.#lastId, method);
    this.#calls.set(this.#lastId, call);
    if (this.#isClosed) {
      call.abort({ code: status.UNAVAILABLE, details: 'channel closed before call started' });
      return call;
    }
    const connection = this.#connect();
    const frame = { kind: 'begin', id: this.#lastId, path: method.path, metadata: metadata.clone() } as const;
    connection.send('client', frame, 256, () => {}, handshakeMs);
    return call;
  }

  #connect(): Connection {
    if (this.#connection?.isOpen) return this.#connection;
    const { network, process, address, port } = this.#options;
    const connection: Connection = network.connect(process, address, port, {
      onFrame: (frame) => this.#onFrame(frame as ServerFrame),
      onClosed: (reason) => {
        if (this.#connection !== connection) return;
        this.#connection = undefined;
        this.#endAll(reason);
      },
    });
    this.#connection = connection;
    this.#judgeServerOf(connection);
    return connection;
  }

  /** Within the handshake: what waits to be sent is lost where the server is refused. */
  #judgeServerOf(connection: Connection): void {
    const { judgeServer, process } = this.#options;
    if (!judgeServer) return;
    const { onEstablished } = connection;
    connection.onEstablished = () => {
      onEstablished();
      const { server } = connection;
      const refusal = server && process.run(() => judgeServer(server));
      if (refusal !== undefined) connection.break(refusal);
    };
  }

  #onFrame(frame: ServerFrame): void {
    const call = this.#calls.get(frame.id);
    const { mostBytes = Number.POSITIVE_INFINITY } = this.#options;
    if (frame.kind === 'message' && frame.bytes.length > mostBytes) return this.#connection?.break('out of memory');
    if (frame.kind === 'message') {
      if (call) call.onMessage(frame.bytes);
      else this.read(frame.bytes.length);
    } else if (frame.kind === 'metadata') call?.emit('metadata', frame.metadata);
    else call?.onStatus(frame.status);
  }

  #endAll(reason: string): void {
    for (const call of [...this.#calls.values()]) call.abort({ code: status.UNAVAILABLE, details: reason });
  }
}

/** A call as grpc-js' ClientDuplexStream and ClientReadableStream have it. */
class ClientCall extends Duplex {
  readonly #channel: ClientChannel;
  readonly #id: number;
  readonly #method: Method;
  #held: { message: unknown; bytes: number }[] = [];
  #wants = false;
  #status: WireStatus | undefined;
  #isOver = false;

  constructor(channel: ClientChannel, id: number, method: Method) {
    super({ objectMode: true });
    this.#channel = channel;
    this.#id = id;
    this.#method = method;
  }

  cancel(): void {
    if (this.#isOver || this.#status) return;
    this.#channel.send({ kind: 'cancel', id: this.#id }, this.#method.path, 16, () => {});
    this.abort({ code: status.CANCELLED, details: 'cancelled on client' });
  }

  onMessage(bytes: Buffer): void {
    const message = this.#method.responseDeserialize(bytes);
    this.#channel.onMessage(message);
    this.#held.push({ message, bytes: bytes.length });
    this.#pass();
  }

  /** All that came before is passed on first. */
  onStatus(end: WireStatus): void {
    this.#status ??= end;
    this.#channel.forget(this.#id);
    this.#pass();
  }

  /** It ends here; what was not passed on is lost. */
  abort(end: WireStatus): void {
    if (this.#isOver || this.#status) return;
    this.#held = [];
    // As in grpc-js, never within the call that causes it.
    process.nextTick(() => this.onStatus(end));
  }

  override _read(): void {
    this.#wants = true;
    this.#pass();
  }

  override _write(message: unknown, _encoding: string, done: (error?: Error | null) => void): void {
    if (this.#isOver || this.#status) return done();
    const bytes = this.#method.requestSerialize(message);
    this.#channel.send({ kind: 'message', id: this.#id, bytes }, this.#method.path, bytes.length, () => done());
  }

  override _final(done: (error?: Error | null) => void): void {
    if (!this.#isOver) this.#channel.send({ kind: 'half-close', id: this.#id }, this.#method.path, 16, () => {});
    done();
  }

  #pass(): void {
    while (this.#wants && this.#held.length > 0) {
      const { message, bytes } = this.#held.shift() as { message: unknown; bytes: number };
      this.#channel.read(bytes);
      this.#wants = this.push(message);
    }
    if (this.#status && this.#held.length === 0 && !this.#isOver) this.#end(this.#status);
  }

  #end(end: WireStatus): void {
    this.#isOver = true;
    this.push(null);
    if (end.code !== status.OK) this.emit('error', toServiceError(end));
    this.emit('status', { ...end, metadata: end.metadata ?? new Metadata() });
  }
}

function toServiceError({ code, details, metadata = new Metadata() }: WireStatus): ServiceError {
  return Object.assign(new Error(`${code} ${status[code]}: ${details}`), { code, details, metadata });
}
