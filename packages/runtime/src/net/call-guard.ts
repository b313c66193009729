import {
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
  type ServerMethodDefinition,
} from '@grpc/grpc-js';
import { cutText, limits, PushfleetError, resetCall, streamOf, toStatus } from '@pushfleet/protocol';
import type { AttendedTime } from '../attended-clock.ts';
import { DeadlineQueue } from '../deadline-queue.ts';

type Listener = Parameters<ServerInterceptingCall['start']>[0];
type SentStatus = Parameters<ServerInterceptingCall['sendStatus']>[0];

export interface CallGuardOptions {
  /** Time for a request that is one message to arrive. */
  requestMs: number;
  /** Time for a client that is not authenticated, or that gets one answer, to read what was written to it. */
  unreadMs: number;
  /** Time after the end of a call at which it is cut off, whether the client has read the rest and closed its side or not. */
  endMs: number;
  isAuthenticated(call: object): boolean;
  attended: AttendedTime;
}

/** Every call of a gRPC server, held to deadlines that end it whatever its client does, or does not. */
export class CallGuard {
  readonly #options: CallGuardOptions;
  readonly #requests: DeadlineQueue<GuardedCall>;
  readonly #unread: DeadlineQueue<GuardedCall>;
  readonly #ending: DeadlineQueue<object>;

  constructor(options: CallGuardOptions) {
    this.#options = options;
    this.#requests = new DeadlineQueue(options.requestMs);
    this.#unread = new DeadlineQueue(options.unreadMs);
    this.#ending = new DeadlineQueue(options.endMs);
  }

  /** Has to be the first of a server's, which is the one next to the wire. */
  readonly interceptor: ServerInterceptor = (method, call) => new GuardedCall(method, call, this);

  tick(): void {
    const now = this.#options.attended.now();
    for (const call of this.#requests.takeDue(now)) call.sendStatus(lateRequest);
    for (const call of this.#unread.takeDue(now)) resetCall(call);
    for (const call of this.#ending.takeDue(now)) resetCall(call);
  }

  /** Our side has nothing more to say on this call. */
  onEnd(call: object): void {
    const stream = streamOf(call);
    if (!stream || stream.closed) return;
    this.#ending.set(call, this.#options.attended.now());
    stream.once('close', () => this.#ending.delete(call));
  }

  awaitRequest(call: GuardedCall): void {
    this.#requests.set(call, this.#options.attended.now());
  }

  onRequest(call: GuardedCall): void {
    this.#requests.delete(call);
  }

  awaitReader(call: GuardedCall): void {
    this.#unread.set(call, this.#options.attended.now());
  }

  onRead(call: GuardedCall): void {
    this.#unread.delete(call);
  }

  isAuthenticated(call: object): boolean {
    return this.#options.isAuthenticated(call);
  }
}

const lateRequest: SentStatus = toStatus(new PushfleetError('DEADLINE_EXCEEDED', 'the request did not come in time'));

class GuardedCall extends ServerInterceptingCall {
  readonly #method: ServerMethodDefinition<unknown, unknown>;
  readonly #guard: CallGuard;
  #unread = 0;

  constructor(
    method: ServerMethodDefinition<unknown, unknown>,
    call: ServerInterceptingCallInterface,
    guard: CallGuard,
  ) {
    super(call);
    this.#method = method;
    this.#guard = guard;
  }

  override start(listener: Listener): void {
    const isOneMessage = !this.#method.requestStream;
    if (isOneMessage) this.#guard.awaitRequest(this);
    super.start({
      onReceiveMetadata: (metadata) => listener.onReceiveMetadata(metadata),
      onReceiveMessage: (message: unknown) => listener.onReceiveMessage(message),
      onReceiveHalfClose: () => {
        // Only then does grpc-js hand a request over that is one message.
        if (isOneMessage) this.#guard.onRequest(this);
        listener.onReceiveHalfClose();
      },
      // Also comes when a status has been sent, while the client's side may stay open.
      onCancel: () => {
        this.#guard.onRequest(this);
        this.#guard.onRead(this);
        this.#guard.onEnd(this);
        listener.onCancel();
      },
    });
  }

  override sendMessage(message: unknown, callback: () => void): void {
    this.#unread += 1;
    if (!this.#method.responseStream || !this.#guard.isAuthenticated(this)) this.#guard.awaitReader(this);
    super.sendMessage(message, () => {
      this.#unread -= 1;
      if (this.#unread === 0) this.#guard.onRead(this);
      callback();
    });
  }

  /** Whoever made the status: it can be written, and a client can read it. */
  override sendStatus(sent: SentStatus): void {
    super.sendStatus({ ...sent, details: cutText(sent.details ?? '', limits.errorBytes) });
  }
}
