import type { ServerHttp2Stream } from 'node:http2';
import { constants } from 'node:http2';

/** What grpc-js keeps behind a call of a server: interceptors, and the HTTP/2 stream at the end of them. */
interface Inner {
  call?: Inner;
  nextCall?: Inner;
  stream?: ServerHttp2Stream;
}

/**
 * Ends a call of a server at once. grpc-js has no way to do so: a status waits until the client has read all that came before
 * it, which one that has stalled never does. Does nothing to a call that is over.
 */
export function resetCall(call: object): void {
  let inner: Inner | undefined = call as Inner;
  while (inner && !inner.stream) inner = inner.call ?? inner.nextCall;
  const stream = inner?.stream;
  if (stream && !stream.closed) stream.close(constants.NGHTTP2_CANCEL);
}
