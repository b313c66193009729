import { EventEmitter } from 'node:events';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Metadata } from '@grpc/grpc-js';
import { fromStatus, type PushfleetError } from '@pushfleet/protocol';
import { inRestNames } from './problem.ts';

type Status = Parameters<typeof fromStatus>[0];

/** The members of a call of grpc-js that handlers of the admin API use. */
class InProcessCall extends EventEmitter {
  readonly request: object;
  cancelled = false;
  readonly #address: string;
  readonly #headers: IncomingHttpHeaders;

  constructor(request: object, address: string, headers: IncomingHttpHeaders = {}) {
    super();
    this.request = request;
    this.#address = address;
    this.#headers = headers;
  }

  /** Headers go by the same names as the metadata of gRPC. */
  get metadata(): { get(name: string): readonly unknown[] } {
    return { get: (name) => [this.#headers[name] ?? []].flat() };
  }

  getPeer(): string {
    return this.#address;
  }

  /** The client has gone. */
  leave(): void {
    if (this.cancelled) return;
    this.cancelled = true;
    this.emit('cancelled');
  }
}

/** A call of a method that answers once. */
export class UnaryCall extends InProcessCall {
  /** @throws PushfleetError whose field has the name of the REST API */
  async answerOf(
    handler: (call: never, answer: (error: Status | null, response?: object) => void) => unknown,
  ): Promise<object> {
    return new Promise((resolve, reject) => {
      handler(this as never, (error, response) =>
        error ? reject(inRestNames(fromStatus(error))) : resolve(response ?? {}),
      );
    });
  }
}

export interface StreamOptions {
  request: object;
  address: string;
  response: ServerResponse;
  /** The text of one message. */
  format(message: object): string;
  /** It has failed before anything was written. */
  onRefused(error: PushfleetError): void;
}

/** The token at which a watch of events begins, for clients that are cut off before the first of them. */
const tokenKey = 'pushfleet-resume-token';

/** A call of a method that answers with a stream, written as server-sent events. */
export class EventStreamCall extends InProcessCall {
  readonly #options: StreamOptions;
  #state: 'new' | 'open' | 'ended' = 'new';

  constructor(options: StreamOptions) {
    super(options.request, options.address);
    this.#options = options;
    const { response } = options;
    response.on('drain', () => this.emit('drain'));
    response.on('close', () => {
      this.#state = 'ended';
      this.leave();
    });
  }

  get writableNeedDrain(): boolean {
    return this.#options.response.writableNeedDrain;
  }

  sendMetadata(metadata: Metadata): void {
    this.#begin();
    const [token] = metadata.get(tokenKey);
    if (token !== undefined && this.#state === 'open') this.#options.response.write(`id: ${String(token)}\n\n`);
  }

  write(message: object): boolean {
    this.#begin();
    return this.#state === 'open' && this.#options.response.write(this.#options.format(message));
  }

  end(): void {
    this.#begin();
    if (this.#state === 'open') this.#options.response.end();
    this.#state = 'ended';
  }

  /** Keeps proxies and the browser from taking the connection for dead. */
  beat(): void {
    if (this.#state === 'open' && !this.writableNeedDrain) this.#options.response.write(':\n\n');
  }

  /** Handlers end a stream with an error by emitting it. */
  override emit(event: string | symbol, ...values: unknown[]): boolean {
    if (event !== 'error') return super.emit(event, ...values);
    const error = inRestNames(fromStatus(values[0] as Status));
    if (this.#state === 'new') {
      this.#state = 'ended';
      this.#options.onRefused(error);
    } else if (this.#state === 'open') {
      this.#state = 'ended';
      const { code, message } = error;
      this.#options.response.end(`event: error\ndata: ${JSON.stringify({ code, detail: message })}\n\n`);
    }
    return super.emit('close');
  }

  #begin(): void {
    if (this.#state !== 'new') return;
    this.#state = 'open';
    this.#options.response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    this.#options.response.flushHeaders();
    this.emit('opened');
  }
}
