import type { ClientDuplexStream, ServiceError } from '@grpc/grpc-js';
import { type admin, ErrorCode, PushfleetError } from '@pushfleet/protocol';
import { callError, cancelWith } from './call.ts';
import type { AdminChannel } from './channel.ts';
import { type Requests, RequestWriter } from './request-writer.ts';

export interface PushManyOptions {
  /** How many commands may be under way at once, 1 to 1,024. Default 256. */
  inFlight?: number;
  /** Gives the stream up. */
  signal?: AbortSignal;
}

/** What became of one request: the balancer's response, or why it did not accept the command. */
export type PushAnswer =
  | { request: admin.PushRequestInit; response: admin.PushResponse; error?: never }
  | { request: admin.PushRequestInit; error: PushfleetError; response?: never };

type PushStream = ClientDuplexStream<admin.PushStreamRequestInit, admin.PushStreamResponse>;

/**
 * Sends `requests` on one stream and yields an answer to each, in the order in which they end. Requests are pulled
 * only while fewer than `inFlight` are under way, and answers are read only as fast as they are taken.
 *
 * Where the stream itself fails, each request under way gets that error as its answer (the command may have been
 * sent), and then the iteration throws it.
 */
export async function* pushMany(
  channel: AdminChannel,
  requests: Requests,
  { inFlight = 256, signal }: PushManyOptions,
): AsyncGenerator<PushAnswer, void, undefined> {
  signal?.throwIfAborted();
  const call: PushStream = channel.commands.pushStream(channel.metadata);
  // grpc-js reports the cancellation of a stream that nobody reads any more; an event without a listener would throw.
  call.on('error', () => undefined);
  const release = cancelWith(call, [signal, channel.closing.signal]);
  const writer = new RequestWriter(call, Math.min(Math.max(Math.trunc(inFlight), 1), 1_024));
  writer.start(requests);
  try {
    for await (const answer of call as AsyncIterable<admin.PushStreamResponse>) {
      const request = writer.take(answer.correlationId);
      if (request !== undefined) yield toAnswer(request, answer);
    }
    writer.assertAnswered(channel.address);
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    const cause = writer.failure === undefined ? asPushfleetError(channel, error) : writer.failure.error;
    if (cause instanceof PushfleetError) yield* writer.unanswered().map((request) => ({ request, error: cause }));
    throw cause;
  } finally {
    release();
    writer.stop();
    call.cancel();
  }
}

function toAnswer(request: admin.PushRequestInit, { response, error }: admin.PushStreamResponse): PushAnswer {
  if (response) return { request, response };
  const code = error && Object.hasOwn(ErrorCode, error.code) ? (error.code as ErrorCode) : 'INTERNAL';
  const details = error?.retryAfterMs ? { retryAfterMs: error.retryAfterMs } : {};
  return { request, error: new PushfleetError(code, error?.message ?? 'an answer without content', details) };
}

function asPushfleetError(channel: AdminChannel, error: unknown): unknown {
  const isStatus = error instanceof Error && 'code' in error && 'details' in error && 'metadata' in error;
  return isStatus ? callError(channel, error as ServiceError) : error;
}
