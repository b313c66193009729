import type {
  Client,
  ClientReadableStream,
  ClientUnaryCall,
  CallOptions as GrpcCallOptions,
  Metadata,
  requestCallback,
} from '@grpc/grpc-js';
import { type BeginCall, type CallOptions, callOnce, Deadline } from './call.ts';
import { isUntouched } from './call-error.ts';
import type { AdminChannel } from './channel.ts';
import { type ResumableOptions, resumableStream } from './resumable-stream.ts';

type UnaryRequest<Method> = Method extends (request: infer Request, callback: never) => ClientUnaryCall
  ? Request
  : never;
type UnaryResponse<Method> = Method extends (
  request: never,
  callback: requestCallback<infer Response>,
) => ClientUnaryCall
  ? Response
  : never;
type StreamRequest<Method> = Method extends (request: infer Request) => ClientReadableStream<unknown> ? Request : never;
type StreamMessage<Method> = Method extends (request: never) => ClientReadableStream<infer Message> ? Message : never;

/**
 * The calls of one gRPC service, by the names of its methods, as promises and async iterators: with the token, the
 * signal and the deadline of the caller, asked of the next balancer where one does not serve.
 */
export class ServiceCalls<Service extends Client> {
  readonly channel: AdminChannel;
  readonly service: Service;

  constructor(channel: AdminChannel, service: Service) {
    this.channel = channel;
    this.service = service;
  }

  /**
   * One unary call. Where it did not get through to a balancer, the next one is asked, each of them once. Rejects with a
   * PushfleetError, or with the signal's reason.
   */
  async unary<Name extends keyof Service>(
    name: Name,
    request: UnaryRequest<Service[Name]>,
    options: CallOptions,
  ): Promise<UnaryResponse<Service[Name]>> {
    const { channel, service } = this;
    type Response = UnaryResponse<Service[Name]>;
    type Method = (...args: [unknown, Metadata, GrpcCallOptions, requestCallback<Response>]) => ClientUnaryCall;
    const begin: BeginCall<Response> = (done, grpcOptions) =>
      (service[name] as Method)(request, channel.metadata, grpcOptions, done);
    const deadline = new Deadline(channel.clock, options.timeoutMs ?? channel.timeoutMs);
    for (let left = channel.balancers.addresses.length; ; left -= 1) {
      try {
        return await callOnce(channel, options.signal, deadline, begin);
      } catch (error) {
        if (left <= 1 || !isUntouched(error) || channel.closing.signal.aborted) throw error;
      }
    }
  }

  /**
   * The messages of a server stream, called again where it is cut off before the last one; see {@link resumableStream}.
   *
   * @param requestNow The request of each call, which may begin where the last one ended.
   */
  resumable<Name extends keyof Service>(
    name: Name,
    requestNow: () => StreamRequest<Service[Name]>,
    options: ResumableOptions<StreamMessage<Service[Name]>> & CallOptions,
  ): AsyncGenerator<StreamMessage<Service[Name]>, void, undefined> {
    const { channel, service } = this;
    type Message = StreamMessage<Service[Name]>;
    type Method = (...args: [unknown, Metadata, GrpcCallOptions]) => ClientReadableStream<Message>;
    const deadline = new Deadline(channel.clock, options.timeoutMs);
    const open = () => (service[name] as Method)(requestNow(), channel.metadata, deadline.toGrpc());
    return resumableStream(channel, open, options);
  }
}

/** The items of a list that comes in pages; a page is asked for when the one before it has been taken. */
export async function* eachItem<Page extends { nextPageToken: string }, Item>(
  ask: (pageToken: string) => Promise<Page>,
  itemsOf: (page: Page) => readonly Item[],
): AsyncGenerator<Item, void, undefined> {
  let pageToken = '';
  do {
    const page = await ask(pageToken);
    yield* itemsOf(page);
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
}

/** Items per call: as many as a balancer gives. */
export const pageSize = 1_000;

/** All items of such a list. */
export function allItems<Page extends { nextPageToken: string }, Item>(
  ask: (pageToken: string) => Promise<Page>,
  itemsOf: (page: Page) => readonly Item[],
): Promise<Item[]> {
  return Array.fromAsync(eachItem(ask, itemsOf));
}

/** A message field that the API promises; proto3 cannot say so. */
export function promised<T>(value: T | null): T {
  if (value === null) throw new TypeError('the balancer left a promised field out');
  return value;
}
