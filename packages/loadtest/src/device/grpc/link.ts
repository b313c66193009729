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
import { callStream, FrameReader, frame, frameFlag, frameType, openingFrames, windowFrames } from './frames.ts';
import { readHeaderBlock } from './header-block.ts';
import { MessageReader, messages } from './messages.ts';

export interface GrpcLinkOptions {
  scheme: 'http' | 'https';
  /** `host:port`, as the server is announced. */
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

/** The server may send this much before it hears of room for more: half of the first window (RFC 9113, 6.9.2). */
const windowStepBytes = 32_768;
const settingsAck = frame(frameType.settings, frameFlag.ack, 0, Buffer.alloc(0));
const endOfCall = frame(frameType.data, frameFlag.endStream, callStream, Buffer.alloc(0));
const pingFrame = dataFrame(messages.ping);

/**
 * The Network Agent link of a lean device: an HTTP/2 connection with one call. What it sends is not counted against the server's window: results
 * of the 64 commands that a device may have at once, and pings, are less than any window.
 */
export class LeanGrpcLink implements LeanLink {
  readonly #options: GrpcLinkOptions;
  readonly #socket: Socket;
  readonly #frames = new FrameReader((type, flags, payload) => this.#onFrame(type, flags, payload));
  readonly #reader = new MessageReader((message) => this.#onMessage(message));
  #isGreeted = false;
  /** The parts of a header block whose end has not come. */
  #headerParts: Buffer[] = [];
  #endsWithHeaders = false;
  #unannouncedBytes = 0;
  #redirect: ServerAddress | undefined;
  #end: LinkEnd | undefined;
  #ended = false;

  constructor(options: GrpcLinkOptions) {
    this.#options = options;
    this.#socket = options.dial();
    this.#socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    this.#socket.on('error', (error) => {
      this.#end ??= brokenEnd(error);
    });
    this.#socket.on('close', () => this.#onClosed());
  }

  /** Begins the call: the connection stands. */
  greet(): void {
    const { scheme, authority, ticket } = this.#options;
    this.#isGreeted = true;
    const headers = [
      [':method', 'POST'],
      [':scheme', scheme],
      [':path', path],
      [':authority', authority],
      ['content-type', 'application/grpc'],
      ['te', 'trailers'],
    ] as const;
    this.#socket.write(Buffer.concat([openingFrames(headers), dataFrame(messages.hello(ticket))]));
  }

  ping(): void {
    this.#write(pingFrame);
  }

  answer(commandId: string, failure?: string): void {
    this.#write(dataFrame(failure === undefined ? messages.succeeded(commandId) : messages.failed(commandId, failure)));
  }

  close(): void {
    this.#write(Buffer.concat([dataFrame(messages.goodbye), endOfCall]));
    this.#end ??= endFor('goodbye');
    if (!this.#isGreeted) this.#socket.destroy();
  }

  cut(end: LinkEnd): void {
    this.#end ??= end;
    this.#socket.destroy();
  }

  #write(frames: Buffer): void {
    if (this.#end === undefined && this.#isGreeted) this.#socket.write(frames);
  }

  #onData(chunk: Buffer): void {
    this.#options.events.onHeard();
    try {
      this.#frames.read(chunk);
    } catch (error) {
      this.cut({ reason: 'malformed', retry: 'same-node', detail: (error as Error).message });
    }
  }

  #onFrame(type: number, flags: number, payload: Buffer): void {
    switch (type) {
      case frameType.data:
        return this.#onCallData(flags, payload);
      case frameType.headers:
        this.#endsWithHeaders = (flags & frameFlag.endStream) !== 0;
        return this.#onHeaders(flags, payload);
      case frameType.continuation:
        return this.#onHeaders(flags, payload);
      case frameType.settings:
        return void ((flags & frameFlag.ack) === 0 && this.#socket.write(settingsAck));
      case frameType.ping:
        return void ((flags & frameFlag.ack) === 0 && this.#socket.write(frame(type, frameFlag.ack, 0, payload)));
      case frameType.rstStream:
        return this.cut({ ...brokenEnd(), detail: `the call was reset with ${payload.readUInt32BE(0)}` });
      case frameType.goaway:
        return this.#onGoaway(payload.readUInt32BE(4));
      default:
        return;
    }
  }

  /** The call itself goes on to its end, unless something is wrong. */
  #onGoaway(code: number): void {
    if (code !== 0) this.cut({ ...brokenEnd(), detail: `the connection was ended with ${code}` });
  }

  #onCallData(flags: number, payload: Buffer): void {
    this.#unannouncedBytes += payload.length;
    if (this.#unannouncedBytes >= windowStepBytes) {
      this.#socket.write(windowFrames(this.#unannouncedBytes));
      this.#unannouncedBytes = 0;
    }
    if (this.#end === undefined) this.#reader.read(payload);
    if ((flags & frameFlag.endStream) !== 0) this.#socket.destroySoon();
  }

  #onHeaders(flags: number, part: Buffer): void {
    this.#headerParts.push(part);
    if ((flags & frameFlag.endHeaders) === 0) return;
    const block = Buffer.concat(this.#headerParts);
    this.#headerParts = [];
    if (this.#end === undefined) this.#onStatus(readHeaderBlock(block));
    // The call is over with its status: whoever waits for the server to close the connection hears of it seconds later.
    if (this.#endsWithHeaders) this.#socket.destroySoon();
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
    if (this.#options.events.onCommand(command)) this.answer(command.id);
  }

  /** The status comes with the headers where a call is refused at once, else with the trailers. */
  #onStatus(headers: ReadonlyMap<string, string>): void {
    const status = headers.get('grpc-status');
    if (status === undefined) return;
    const reason = parseCloseReason(headers.get(closeReasonTrailer) ?? '');
    const detail = decodeURIComponent(headers.get('grpc-message') ?? '');
    if (reason !== undefined) this.#end = endFor(reason, detail, this.#redirect);
    else if (this.#redirect !== undefined) this.#end = endFor('useAnotherServer', detail, this.#redirect);
    else this.#end = { ...endFor('linkLost', detail), reason: `grpc-status ${status}` };
    if (!Object.hasOwn(CloseReason, this.#end.reason)) this.#end.retry = 'same-node';
  }

  #onClosed(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#options.events.onEnd(this.#end ?? brokenEnd());
  }
}

function dataFrame(message: Buffer): Buffer {
  return frame(frameType.data, 0, callStream, message);
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
