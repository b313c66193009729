import type { ServerDuplexStream } from '@grpc/grpc-js';
import { type CloseReason, closeStatus, limitMessages, limits, type device as wire } from '@pushfleet/protocol';
import type { DeviceInput } from '../../session/on-device.ts';
import type { RedirectTarget, ToDevice } from '../../session/session.ts';
import type { AcceptLink, Link, LinkSettings, OnInput } from '../link.ts';
import { encodeMessage, readMessage } from './messages.ts';

export type ConnectCall = ServerDuplexStream<wire.ConnectRequest, wire.ConnectResponseInit>;

/** Memory of a message that waits to be read, besides its payload: every one counts, or pongs would be free. */
const envelopeBytes = 512;

/** The Network Agent link: one DeviceLinkService.Connect call. Only translates; the session decides. */
export class GrpcLink implements Link {
  readonly remote: string;
  readonly #call: ConnectCall;
  readonly #settings: LinkSettings;
  readonly #onInput: OnInput;
  #bufferedBytes = 0;
  #ended = false;

  constructor(call: ConnectCall, settings: LinkSettings, accept: AcceptLink) {
    this.#call = call;
    this.#settings = settings;
    this.remote = call.getPeer();
    // Nobody is known yet, so nobody gets much memory.
    limitMessages(call, limits.greetingBytes);
    this.#onInput = accept(this);
    call.on('data', (message: wire.ConnectRequest) => this.#guard(() => this.#onMessage(message)));
    call.once('cancelled', () => this.#guard(() => this.#say({ kind: 'fault', reason: 'linkLost' })));
    call.once('end', () => setImmediate(() => this.#guard(() => this.#onEnd())));
    call.on('error', () => this.#guard(() => this.#say({ kind: 'fault', reason: 'linkLost' })));
  }

  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  send(message: ToDevice): void {
    if (message.kind === 'accepted') this.#onAccepted();
    const encoded = encodeMessage(message, this.#settings);
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
    this.#settings.markAuthenticated(this.#call);
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
    const said = readMessage(message, this.#settings);
    this.#say(said);
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
