import type { EventEmitter } from 'node:events';
import type { ServiceDefinition, ServiceError, UntypedHandleCall, UntypedServiceImplementation } from '@grpc/grpc-js';
import { PushfleetError, resetCall, toStatus } from '@pushfleet/protocol';
import type { Barrier } from '../barrier.ts';

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
