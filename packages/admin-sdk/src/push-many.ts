import type { ClientDuplexStream } from '@grpc/grpc-js';
import { type admin, fromRpcStatus, PushfleetError } from '@pushfleet/protocol';
import type { CommandService } from '@pushfleet/protocol/admin';
import { type CallOptions, cancelWith, Deadline } from './call.ts';
import { asCallError } from './call-error.ts';
import { batchBytes, type Requests, RequestWriter } from './request-writer.ts';
import type { ServiceCalls } from './service-calls.ts';

export interface PushManyOptions extends CallOptions {
  /** How many commands may be under way at once, 1 to 4,096. Default 512. */
  inFlight?: number;
}

/** The answer to one request: the balancer's response, or why it did not accept the command. */
export type PushAnswer =
  | { request: admin.PushRequestInit; response: admin.PushResponse; error?: never }
  | { request: admin.PushRequestInit; error: PushfleetError; response?: never };

type PushStream = ClientDuplexStream<admin.PushStreamRequestInit, admin.PushStreamResponse>;

/**
 * Sends `requests` on one stream and yields an answer to each, in the order in which they end. Requests are pulled
 * only while fewer than `inFlight` are under way, and answers are read only as fast as they are taken.
 *
 * If the stream itself fails, each request under way gets that error as its answer (the command may have been
 * sent), and then the iteration throws it.
 */
export async function* pushMany(
  { channel, service }: ServiceCalls<InstanceType<typeof CommandService>>,
  requests: Requests,
  { inFlight = 512, signal, timeoutMs }: PushManyOptions,
): AsyncGenerator<PushAnswer, void, undefined> {
  signal?.throwIfAborted();
  const { address } = channel.balancers;
  const call: PushStream = service.pushStream(channel.metadata, new Deadline(channel.clock, timeoutMs).toGrpc());
  // grpc-js reports the cancellation of a stream that nobody reads any more; an event without a listener would throw.
  call.on('error', () => undefined);
  const release = cancelWith(call, [signal, channel.closing.signal]);
  const writer = new RequestWriter(call, Math.min(Math.max(Math.trunc(inFlight), 1), 4_096));
  writer.start(requests);
  try {
    for await (const { answers } of call as AsyncIterable<admin.PushStreamResponse>) {
      for (const answer of takeAnswers(writer, answers)) yield answer;
      yield* takeRefused(writer);
    }
    yield* takeRefused(writer);
    writer.assertAnswered(address);
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    const cause = writer.failure === undefined ? asCallError(channel, error, address) : writer.failure.error;
    yield* takeRefused(writer);
    if (cause instanceof PushfleetError) yield* writer.unanswered().map((request) => ({ request, error: cause }));
    throw cause;
  } finally {
    release();
    writer.stop();
    call.cancel();
  }
}

/** The whole message first: that makes room for as many requests, which then go in one message as well. */
function takeAnswers(writer: RequestWriter, answers: readonly admin.StreamedAnswer[]): PushAnswer[] {
  const taken: PushAnswer[] = [];
  for (const answer of answers) {
    const request = writer.take(answer.correlationId);
    if (request !== undefined) taken.push(toAnswer(request, answer));
  }
  writer.takenAll();
  return taken;
}

function takeRefused(writer: RequestWriter): PushAnswer[] {
  const { refused } = writer;
  if (refused.length === 0) return refused as [];
  writer.refused = [];
  const message = `the request: must be at most ${batchBytes} bytes`;
  return refused.map((request) => ({ request, error: new PushfleetError('PAYLOAD_TOO_LARGE', message) }));
}

function toAnswer(request: admin.PushRequestInit, { response, error }: admin.StreamedAnswer): PushAnswer {
  if (response) return { request, response };
  if (error) return { request, error: fromRpcStatus(error) };
  return { request, error: new PushfleetError('INTERNAL', 'an answer without content') };
}
