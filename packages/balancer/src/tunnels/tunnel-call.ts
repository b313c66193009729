import type { ServerDuplexStream } from '@grpc/grpc-js';
import { type admin, PushfleetError, tunnelClosed } from '@pushfleet/protocol';
import type { AttendedTime } from '@pushfleet/runtime';

export type OpenCall = ServerDuplexStream<admin.OpenRequest, admin.OpenResponseInit>;

/** Fires when the caller has gone. */
export function goneSignal(call: OpenCall): AbortSignal {
  const gone = new AbortController();
  const leave = () => gone.abort(tunnelClosed('the Administration Server left'));
  if (call.cancelled) leave();
  call.once('cancelled', leave);
  return gone.signal;
}

/** Reads the caller's first message; those that follow wait to be read. @throws PushfleetError where none comes. */
export async function firstMessage(
  call: OpenCall,
  withinMs: number,
  attended: AttendedTime,
): Promise<admin.OpenRequest> {
  const { promise, resolve, reject } = Promise.withResolvers<admin.OpenRequest>();
  const silent = () => reject(new PushfleetError('INVALID_ARGUMENT', 'target: must be the first message'));
  using _deadline = attended.after(withinMs, silent);
  call.once('data', (message: admin.OpenRequest) => {
    call.pause();
    resolve(message);
  });
  call.once('end', silent);
  call.once('cancelled', silent);
  return promise;
}
