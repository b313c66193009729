import type { ServerDuplexStream } from '@grpc/grpc-js';
import {
  type CloseReason,
  closeStatus,
  isDurable,
  limitMessages,
  limitResult,
  limits,
  PushfleetError,
  parseCommandId,
  readCapabilities,
  releaseLastMessage,
  type device as wire,
} from '@pushfleet/protocol';
import type { PushedCommand } from '../../session/command.ts';
import type { DeviceInput } from '../../session/on-device.ts';
import type { RedirectTarget, ToDevice } from '../../session/session.ts';
import { grantKeepAlive, grpcSilenceLimitMs } from '../keep-alive.ts';
import type { AcceptLink, Link, LinkSettings, OnInput } from '../link.ts';

export type ConnectCall = ServerDuplexStream<wire.ConnectRequest, wire.ConnectResponseInit>;

/** Memory of a message that waits to be read, besides its payload: every one counts, or pongs would be free. */
const envelopeBytes = 512;

/** The Network Agent link: one DeviceLinkService.Connect call. Only translates; the session decides. */
export class GrpcLink implements Link {
  readonly #call: ConnectCall;
  readonly #settings: LinkSettings;
  readonly #onInput: OnInput;
  #keepAliveMs = 0;
  #bufferedBytes = 0;
  #ended = false;

  constructor(call: ConnectCall, settings: LinkSettings, accept: AcceptLink) {
    this.#call = call;
    this.#settings = settings;
    // Nobody is known yet, so nobody gets much memory.
    limitMessages(call, limits.greetingBytes);
    this.#onInput = accept(this);
    call.on('data', (message: wire.ConnectRequest) => this.#guard(() => this.#onMessage(message)));
    // Not `once`, which costs 0.2 KiB more for each of these on each link; they come once anyway.
    call.on('cancelled', () => this.#guard(() => this.#say({ kind: 'fault', reason: 'linkLost' })));
    call.on('end', () => setImmediate(() => this.#guard(() => this.#onEnd())));
    call.on('error', () => this.#guard(() => this.#say({ kind: 'fault', reason: 'linkLost' })));
  }

  get kind(): 'grpc' {
    return 'grpc';
  }

  get remote(): string {
    return this.#call.getPeer();
  }

  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  send(message: ToDevice): void {
    if (message.kind === 'accepted') this.#onAccepted();
    const encoded = encodeMessage(message, this.#settings.nodeId, this.#keepAliveMs);
    if (encoded) this.#write(encoded, message.kind === 'command' ? message.command.payloadBytes : 0);
  }

  end(reason: CloseReason, target?: RedirectTarget): void {
    if (this.#ended) return;
    if (target) this.#write({ redirect: { server: target, reason } }, 0);
    this.#ended = true;
    if (this.#call.cancelled) return;
    if (reason === 'goodbye') this.#call.end();
    else this.#call.emit('error', closeStatus(reason));
  }

  #onAccepted(): void {
    limitMessages(this.#call, limits.frameBytes);
    this.#settings.markAuthenticated(this.#call, this.#keepAliveMs);
  }

  #guard(run: () => void): void {
    this.#settings.barrier.run('grpc message', run, () => this.#onFault());
  }

  /** Whatever the session makes of it, the link ends. */
  #onFault(): void {
    try {
      this.#say({ kind: 'fault', reason: 'protocolError' });
    } finally {
      this.end('protocolError');
    }
  }

  /** A call that breaks also ends first, as a rule to be cancelled in the same turn of the event loop. */
  #onEnd(): void {
    this.#say(this.#call.cancelled ? { kind: 'fault', reason: 'linkLost' } : { kind: 'hang-up' });
  }

  #onMessage(message: wire.ConnectRequest): void {
    releaseLastMessage(this.#call);
    if (message.hello) this.#keepAliveMs = grantKeepAlive(message.hello.keepAliveMs, this.#settings.keepAlive);
    this.#say(readMessage(message, this.#keepAliveMs));
  }

  #say(input: DeviceInput): void {
    if (!this.#ended) this.#onInput(input);
  }

  #write(message: wire.ConnectResponseInit, payloadBytes: number): void {
    if (this.#ended || this.#call.cancelled) return;
    const bytes = envelopeBytes + payloadBytes;
    this.#bufferedBytes += bytes;
    this.#call.write(message, () => {
      this.#bufferedBytes -= bytes;
    });
  }
}

/** Number of unconfirmed commands that a gRPC device gets at once. */
const window = 64;

/**
 * The input that a ConnectRequest is for the session; a message without a meaning is a fault.
 * @param keepAliveMs The keep-alive that is granted to the device.
 */
export function readMessage(message: wire.ConnectRequest, keepAliveMs: number): DeviceInput {
  try {
    return translate(message, keepAliveMs);
  } catch (error) {
    if (error instanceof PushfleetError) return { kind: 'fault', reason: 'malformed' };
    throw error;
  }
}

function translate(message: wire.ConnectRequest, keepAliveMs: number): DeviceInput {
  if (message.hello) return hello(message.hello, grpcSilenceLimitMs(keepAliveMs));
  if (message.delivered) return { kind: 'delivered', command: parseCommandId(message.delivered.commandId) };
  if (message.result?.outcome) {
    parseCommandId(message.result.commandId);
    return { kind: 'result', result: limitResult(message.result) };
  }
  if (message.ping) return { kind: 'ping' };
  if (message.goodbye) return { kind: 'goodbye' };
  return { kind: 'fault', reason: 'protocolError' };
}

function hello({ ticket, operations }: wire.Hello, silenceLimitMs: number): DeviceInput {
  // What is remembered of a declaration is remembered before anybody knows who makes it.
  const declaredBytes = operations.reduce((bytes, name) => bytes + name.length + 1, 0);
  if (declaredBytes > limits.greetingBytes) return { kind: 'fault', reason: 'frameTooLarge' };
  const capabilities = readCapabilities(operations);
  return {
    kind: 'hello',
    ticket,
    terms: { link: 'grpc', silenceLimitMs, window, confirms: true, countsPackets: false, capabilities },
    attach: true,
  };
}

/** `undefined`: the gRPC wire has no message for it. */
export function encodeMessage(
  message: ToDevice,
  nodeId: string,
  keepAliveMs: number,
): wire.ConnectResponseInit | undefined {
  switch (message.kind) {
    case 'attached':
      return { welcome: { deviceId: message.device, nodeId, keepAliveMs } };
    case 'command':
      return { command: commandMessage(message.command, message.nowMs) };
    case 'cancel':
      return { cancel: { commandId: message.command, reason: message.reason } };
    case 'result-received':
      return { resultReceived: { commandId: message.command } };
    case 'pong':
      return { pong: {} };
    case 'accepted':
    case 'detached':
      return undefined;
    default:
      return message satisfies never;
  }
}

function commandMessage({ id, operation, finishByMs, redelivered }: PushedCommand, nowMs: number): wire.CommandInit {
  const finishWithinMs = Math.max(1, finishByMs - nowMs);
  return { commandId: id, operation, finishWithinMs, durable: isDurable(id), redelivered };
}
