import { constants, type ServerHttp2Stream } from 'node:http2';
import { isIP } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import type { ChannelOptions, VerifyOptions } from '@grpc/grpc-js';

/**
 * The layers that grpc-js keeps behind a call of a server, be it a stream or what interceptors see: interceptors, and at the end of
 * them the HTTP/2 stream with what reads messages off it. None of it is public; a test in runtime holds it to this.
 */
interface Inner {
  call?: Inner;
  nextCall?: Inner;
  stream?: ServerHttp2Stream;
  decoder?: MessageDecoder;
  maxReceiveMessageSize?: number;
}

interface MessageDecoder {
  maxReadMessageLength: number;
  /** 0: between two messages. */
  readState: number;
  readCompressFlag: Buffer;
  readPartialMessage: Buffer[];
}

/** The HTTP/2 stream of a call of a server. */
export function streamOf(call: object): ServerHttp2Stream | undefined {
  return innermost(call)?.stream;
}

/**
 * Ends a call of a server at once. grpc-js has no way to do so: a status waits until the client has read all that came before
 * it, which one that has stalled never does. Does nothing to a call that is over.
 */
export function resetCall(call: object, code: number = constants.NGHTTP2_CANCEL): void {
  const stream = streamOf(call);
  if (stream && !stream.closed) stream.close(code);
}

/**
 * From now on a message of this call may have so many bytes, as it comes and decompressed; a larger one ends the call before
 * it is read. grpc-js has one limit for all calls of a server, known clients or not.
 */
export function limitMessages(call: object, maxBytes: number): void {
  const inner = innermost(call);
  if (!inner?.decoder) return;
  inner.decoder.maxReadMessageLength = maxBytes;
  inner.maxReceiveMessageSize = maxBytes;
}

/**
 * Lets go of the message that came last on this call: grpc-js keeps its pieces until the next one begins, be it a hello with its ticket
 * (1 KiB of each quiet link) or the largest result.
 */
export function releaseLastMessage(call: object): void {
  const decoder = innermost(call)?.decoder;
  if (decoder?.readState !== 0) return;
  decoder.readPartialMessage = [];
  decoder.readCompressFlag = noFlag;
}

/** Stands for what the decoder takes off each message before it looks at it. */
const noFlag = Buffer.alloc(1);

function innermost(call: object): Inner | undefined {
  let inner: Inner | undefined = call as Inner;
  while (inner && !inner.stream) inner = inner.call ?? inner.nextCall;
  return inner;
}

export interface ServerIdentity {
  /** For `credentials.createSsl` and `createFromSecureContext`. */
  verify: VerifyOptions;
  /** For the channel or client. */
  options: ChannelOptions;
}

/**
 * How a grpc-js client makes sure that it speaks to `host`. grpc-js puts the host into the TLS server name even when it
 * is an IP address, which RFC 6066 forbids and Node.js 26 refuses to send. Here an IP address is checked against the
 * certificate and a placeholder is sent.
 */
export function serverIdentity(host: string): ServerIdentity {
  if (isIP(host) === 0) return { verify: {}, options: {} };
  return {
    verify: { checkServerIdentity: (_placeholder, certificate) => checkServerIdentity(host, certificate) },
    options: { 'grpc.ssl_target_name_override': 'address.invalid' },
  };
}

const pushServerUri = 'URI:pushfleet://devices/push-server/';

/**
 * Why the server that shows this certificate is no balancer of that host. A push server is none, whatever its names are: it may be
 * stolen, and what is shown to a balancer is a device's secret, or a token of the admin API.
 */
export function findBalancerFault(host: string, certificate: PeerCertificate): Error | undefined {
  const fault = checkServerIdentity(host, certificate);
  if (fault) return fault;
  const names = (certificate.subjectaltname ?? '').split(', ');
  if (!names.some((name) => name.startsWith(pushServerUri))) return undefined;
  return new Error(`the certificate of ${host} is that of a push server, in the place of a balancer`);
}

/** The same as `serverIdentity`, of a balancer. */
export function balancerIdentity(host: string): ServerIdentity {
  const { options } = serverIdentity(host);
  return { verify: { checkServerIdentity: (_, certificate) => findBalancerFault(host, certificate) }, options };
}
