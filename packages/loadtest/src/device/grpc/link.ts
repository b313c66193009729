import http2, { type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { CloseReason, parseCloseReason } from '@pushfleet/protocol';
import {
  brokenEnd,
  endFor,
  type LeanCommand,
  type LeanLink,
  type LinkEnd,
  type LinkEvents,
  readStamp,
  type ServerAddress,
} from '../link.ts';
import { fieldBytes, fieldsOf } from './fields.ts';
import { MessageReader, messages } from './messages.ts';

export interface GrpcLinkOptions {
  /** `https://host:port`, as the server is announced; `http:` without TLS. */
  authority: string;
  ticket: string;
  /** Opens the connection. */
  dial(): Socket;
  events: LinkEvents;
}

/** Fields of ConnectResponse. */
const response = { welcome: 1, command: 2, redirect: 4 } as const;
/** Fields of Operation, and the names of those that a device acts on. */
const operationNames: Readonly<Record<number, string>> = {
  1: 'force_sync',
  2: 'run_task',
  3: 'stop_task',
  4: 'get_statistics',
  5: 'open_tunnel',
  15: 'custom',
};
const closeReasonTrailer = 'pushfleet-close-reason';
const path = '/pushfleet.device.v1.DeviceLinkService/Connect';

/** The Network Agent link of a lean device: an HTTP/2 session with one call. */
export class LeanGrpcLink implements LeanLink {
  readonly #options: GrpcLinkOptions;
  readonly #socket: Socket;
  readonly #reader = new MessageReader((message) => this.#onMessage(message));
  #session: ClientHttp2Session | undefined;
  #call: ClientHttp2Stream | undefined;
  #redirect: ServerAddress | undefined;
  #end: LinkEnd | undefined;
  #ended = false;

  constructor(options: GrpcLinkOptions) {
    this.#options = options;
    this.#socket = options.dial();
    this.#socket.on('error', (error) => {
      this.#end ??= brokenEnd(error);
    });
    this.#socket.on('close', () => this.#onClosed());
  }

  /** Begins the call: the connection stands. */
  greet(): void {
    const { authority, ticket } = this.#options;
    const session = http2.connect(authority, {
      createConnection: () => this.#socket,
      settings: { enablePush: false },
    });
    this.#session = session;
    session.on('error', (error) => {
      this.#end ??= brokenEnd(error);
    });
    session.on('close', () => this.#socket.destroy());
    const call = session.request(
      { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' },
      { endStream: false },
    );
    this.#call = call;
    call.on('data', (chunk: Buffer) => this.#onData(chunk));
    call.on('response', (headers) => this.#onStatus(headers));
    call.on('trailers', (headers) => this.#onStatus(headers));
    call.on('error', (error) => {
      this.#end ??= brokenEnd(error);
    });
    call.on('close', () => session.destroy());
    call.write(messages.hello(ticket));
  }

  ping(): void {
    this.#write(messages.ping);
  }

  answer(commandId: string, failure?: string): void {
    this.#write(failure === undefined ? messages.succeeded(commandId) : messages.failed(commandId, failure));
  }

  close(): void {
    this.#write(messages.goodbye);
    this.#end ??= endFor('goodbye');
    if (this.#call === undefined) this.#socket.destroy();
    else this.#call.end();
  }

  cut(end: LinkEnd): void {
    this.#end ??= end;
    this.#session?.destroy();
    this.#socket.destroy();
  }

  #write(message: Buffer): void {
    if (this.#end === undefined && this.#call?.writable === true) this.#call.write(message);
  }

  #onData(chunk: Buffer): void {
    if (this.#end !== undefined) return;
    this.#options.events.onHeard();
    try {
      this.#reader.read(chunk);
    } catch (error) {
      this.cut({ reason: 'malformed', retry: 'same-node', detail: (error as Error).message });
    }
  }

  #onMessage(message: Buffer): void {
    for (const { number, bytes } of fieldsOf(message)) {
      if (number === response.command) this.#onCommand(bytes);
      else if (number === response.welcome) this.#options.events.onUp(keepAliveOf(bytes));
      else if (number === response.redirect) this.#redirect = readServer(fieldBytes(bytes, 1));
    }
  }

  #onCommand(message: Buffer): void {
    const command = readCommand(message);
    if (this.#options.events.onCommand(command)) this.#write(messages.succeeded(command.id));
  }

  /** The status comes with the headers where a call is refused at once, else with the trailers. */
  #onStatus(headers: http2.IncomingHttpHeaders & { [name: string]: unknown }): void {
    const status = headers['grpc-status'];
    if (status === undefined || this.#end !== undefined) return;
    const reason = parseCloseReason(String(headers[closeReasonTrailer] ?? ''));
    const detail = decodeURIComponent(String(headers['grpc-message'] ?? ''));
    if (reason !== undefined) this.#end = endFor(reason, detail, this.#redirect);
    else if (this.#redirect !== undefined) this.#end = endFor('useAnotherServer', detail, this.#redirect);
    else this.#end = { ...endFor('linkLost', detail), reason: `grpc-status ${String(status)}` };
    if (!Object.hasOwn(CloseReason, this.#end.reason)) this.#end.retry = 'same-node';
    // The call is over with its status: whoever waits for the server to close the connection hears of it seconds later.
    this.#call?.close();
  }

  #onClosed(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#session?.destroy();
    this.#options.events.onEnd(this.#end ?? brokenEnd());
  }
}

function keepAliveOf(welcome: Buffer): number {
  for (const { number, value } of fieldsOf(welcome)) if (number === 3) return value;
  return 0;
}

function readServer(message: Buffer): ServerAddress {
  const server = { nodeId: '', address: '', port: 0 };
  for (const { number, value, bytes } of fieldsOf(message)) {
    if (number === 1) server.nodeId = bytes.toString();
    else if (number === 2) server.address = bytes.toString();
    else if (number === 3) server.port = value;
  }
  return server;
}

function readCommand(message: Buffer): LeanCommand {
  const command: LeanCommand = { id: '', operation: '', stampUs: undefined, tunnel: undefined };
  for (const { number, bytes } of fieldsOf(message)) {
    if (number === 1) command.id = bytes.toString('latin1');
    else if (number === 2) readOperation(bytes, command);
  }
  return command;
}

function readOperation(operation: Buffer, command: LeanCommand): void {
  for (const { number, bytes } of fieldsOf(operation)) {
    command.operation = operationNames[number] ?? String(number);
    if (command.operation === 'force_sync') command.stampUs = readStamp(bytes.toString('latin1'));
    if (command.operation !== 'open_tunnel') continue;
    command.tunnel = { target: fieldBytes(bytes, 2).toString(), token: fieldBytes(bytes, 3).toString() };
  }
}
