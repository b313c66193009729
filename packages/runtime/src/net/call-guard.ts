import type { EventEmitter } from 'node:events';
import { constants } from 'node:http2';
import {
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
  type ServerMethodDefinition,
  type ServiceDefinition,
  type ServiceError,
  type UntypedHandleCall,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { cutText, limits, PushfleetError, resetCall, streamOf, toStatus } from '@pushfleet/protocol';
import type { AttendedTime } from '../attended-clock.ts';
import type { Barrier } from '../barrier.ts';
import { DeadlineQueue } from '../deadlines.ts';

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
    for (const call of this.#ending.takeDue(now)) cutOff(call);
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

/** Ends a call that our side has ended. gRPC clients forget a status for a reset with an error that comes right behind it. */
function cutOff(call: object): void {
  const stream = streamOf(call);
  const isStatusSent = stream?.sentTrailers !== undefined || stream?.sentHeaders?.['grpc-status'] !== undefined;
  resetCall(call, isStatusSent ? constants.NGHTTP2_NO_ERROR : constants.NGHTTP2_CANCEL);
}

const lateRequest: SentStatus = toStatus(new PushfleetError('DEADLINE_EXCEEDED', 'the request did not come in time'));

class GuardedCall extends ServerInterceptingCall {
  readonly #method: ServerMethodDefinition<unknown, unknown>;
  readonly #guard: CallGuard;
  /** Its client has authenticated. Kept, since the way from a call to its connection is long and cold. */
  #isAuthenticated = false;
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
    this.#isAuthenticated ||= this.#guard.isAuthenticated(this);
    if (!this.#method.responseStream || !this.#isAuthenticated) this.#guard.awaitReader(this);
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

/** A call of any kind as its handler gets it; unary ones have no `end`. */
interface Call extends EventEmitter {
  end?: (...values: unknown[]) => unknown;
}

type Answer = (error: Partial<ServiceError> | null, ...values: unknown[]) => void;
type Handler = (call: Call, answer?: Answer) => unknown;

const internal = toStatus(new PushfleetError('INTERNAL', 'internal error'));

/**
 * The handlers of a service behind the barrier: what they do at once, what they go on with, and each event of a stream that
 * they listen to, messages above all. An exception ends that call with INTERNAL.
 * @param onEnd Called when our side of a stream has nothing more to say.
 */
export function guardHandlers(
  service: ServiceDefinition,
  handlers: UntypedServiceImplementation,
  barrier: Barrier,
  onEnd: (call: object) => void,
): UntypedServiceImplementation {
  const guarded: UntypedServiceImplementation = {};
  for (const [name, { originalName, requestStream, responseStream }] of Object.entries(service)) {
    const handler = (handlers[name] ?? (originalName ? handlers[originalName] : undefined)) as Handler | undefined;
    if (!handler) continue;
    const bound = handler.bind(handlers);
    const isStream = requestStream || responseStream;
    const one = isStream ? guardStream(bound, barrier, onEnd) : guardUnary(bound, barrier);
    guarded[name] = one as UntypedHandleCall;
  }
  return guarded;
}

function guardUnary(handler: Handler, barrier: Barrier): Handler {
  return (call, answer = () => {}) => {
    void barrier.runAsync(
      'grpc request',
      async () => void (await handler(call, answer)),
      () => answer(internal),
    );
  };
}

function guardStream(handler: Handler, barrier: Barrier, onEnd: (call: object) => void): Handler {
  return (call, answer) => {
    const fail = () => {
      if (answer) answer(internal);
      else call.emit('error', internal);
    };
    guardEvents(call, barrier, fail);
    const end = call.end?.bind(call);
    if (end) {
      call.end = (...values) => {
        onEnd(call);
        return end(...values);
      };
    }
    void barrier.runAsync('grpc request', async () => void (await handler(call, answer)), fail);
  };
}

/** Streams of Node.js let an exception in a listener through to whoever pushed the message: grpc-js, and then nobody. */
function guardEvents(call: Call, barrier: Barrier, fail: () => void): void {
  const emit = call.emit.bind(call);
  call.emit = (event, ...values) => {
    let heard = true;
    const run = () => {
      heard = emit(event, ...values);
    };
    // An error is how a stream is ended: where that goes wrong there is nothing left to be said.
    barrier.run('grpc message', run, event === 'error' ? () => resetCall(call) : fail);
    return heard;
  };
}
