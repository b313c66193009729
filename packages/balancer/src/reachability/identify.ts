import { once } from 'node:events';
import http2, { type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2';
import type { Socket } from 'node:net';
import { status } from '@grpc/grpc-js';
import { DeviceLinkService } from '@pushfleet/protocol/device';

const { path, requestSerialize, responseDeserialize } = DeviceLinkService.service.Identify;
/** The answer is an id of at most 63 characters. */
const greatestAnswerBytes = 1_024;
/** gRPC writes a flag, which says whether the message is compressed, and its length before each message. */
const prefixBytes = 5;

/** Who answers: a push server, by the id that it gives; `unasked`: a gRPC server that does not know the question. */
export type Identity = { kind: 'push-server'; nodeId: string } | { kind: 'unasked' };

/**
 * Asks whoever answers on the connection which push server it is. What comes is bounded; a deadline is the caller's, who
 * destroys the socket.
 * @throws Error whatever went wrong: it is no gRPC server, or gives no such answer
 */
export async function identify(socket: Socket): Promise<Identity> {
  const session = http2.connect('https://push-server', {
    createConnection: () => socket,
    maxSessionMemory: 1,
    settings: { enablePush: false },
  });
  const ended = Promise.withResolvers<never>();
  ended.promise.catch(() => {});
  session.once('error', ended.reject).once('close', () => ended.reject(new Error('it closes the connection')));
  try {
    return await Promise.race([ask(session), ended.promise]);
  } finally {
    session.destroy();
  }
}

async function ask(session: http2.ClientHttp2Session): Promise<Identity> {
  const headers = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' };
  const request = session.request(headers);
  // Whoever waits for the answer hears of it; a second error after that is nobody's.
  request.on('error', () => {});
  request.end(frame(requestSerialize({})));
  const [answer] = (await once(request, 'response')) as [IncomingHttpHeaders];
  if (!answer['content-type']?.startsWith('application/grpc')) throw new Error('it speaks HTTP/2, but no gRPC');
  if (answer['grpc-status'] === String(status.UNIMPLEMENTED)) return { kind: 'unasked' };
  const bytes = await readAnswer(request);
  if (bytes.length < prefixBytes) throw new Error('it speaks gRPC, but does not say which push server it is');
  return { kind: 'push-server', nodeId: responseDeserialize(bytes.subarray(prefixBytes)).nodeId };
}

async function readAnswer(request: ClientHttp2Stream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > greatestAnswerBytes) throw new Error('it speaks gRPC, but its answer is no id');
  }
  return Buffer.concat(chunks);
}

function frame(message: Buffer): Buffer {
  const prefix = Buffer.alloc(prefixBytes);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}
